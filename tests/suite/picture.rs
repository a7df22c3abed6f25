//! An item as a picture: `show --svg`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::env;
use std::fs;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::tool::{dateline, run};

/// Draws a record of `corpus`.
fn draw(corpus: &Path, id: &str, raw: &Path, svg: &Path) -> (i32, String) {
    let (corpus, raw, svg) = (corpus.to_str(), raw.to_str(), svg.to_str());
    let args = [
        "show",
        corpus.unwrap(),
        id,
        "--raw",
        raw.unwrap(),
        "--svg",
        svg.unwrap(),
    ];
    run(&mut dateline(args))
}

#[test]
fn the_picture_of_the_readme_is_what_the_tool_draws() {
    let work = tempfile::tempdir().unwrap();
    let svg = work.path().join("picture.svg");
    let (code, said) = draw(
        Path::new("examples/demo-corpus"),
        "art-91f9",
        Path::new("examples/dumps"),
        &svg,
    );
    assert_eq!(code, 0, "{said}");
    let drawn = fs::read_to_string(&svg).unwrap();
    let page = "docs/night-ferry.svg";
    if env::var_os("DATELINE_BLESS").is_some() {
        fs::write(page, &drawn).unwrap();
    }
    assert_eq!(
        drawn,
        fs::read_to_string(page).unwrap(),
        "{page}: set DATELINE_BLESS to draw it again"
    );
}

#[test]
fn a_picture_of_hostile_text_is_well_formed_and_runs_nothing() {
    let work = tempfile::tempdir().unwrap();
    let dump = work.path().join("dump");
    fs::create_dir(&dump).unwrap();
    let text = "A headline & <b>more</b>\n\n</text><script>alert(1)</script> \"]]>\" \u{202e}txet\u{202c} \u{1b}[31m \
                and the harbour stays open until the evening, said the port.\n";
    fs::write(dump.join("a.txt"), text.repeat(2)).unwrap();
    let corpus = work.path().join("corpus");
    let (code, said) = run(&mut dateline([
        "convert",
        dump.to_str().unwrap(),
        "-o",
        corpus.to_str().unwrap(),
    ]));
    assert!(code < 2, "{said}");
    let svg = work.path().join("picture.svg");
    let (code, said) = draw(&corpus, "art-", &dump, &svg);
    assert_eq!(code, 0, "{said}");

    let drawn = fs::read_to_string(&svg).unwrap();
    let mut reader = Reader::from_str(&drawn);
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => {
                let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                let known = ["svg", "title", "style", "rect", "text"];
                assert!(known.contains(&name.as_str()), "<{name}>");
            }
            Event::End(_) | Event::Text(_) | Event::GeneralRef(_) => {}
            other @ (Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)) => panic!("{other:?}"),
        }
    }
    assert!(!drawn.contains(['\u{202e}', '\u{1b}']), "{drawn}");
}

#[test]
fn a_picture_is_not_drawn_over_what_is_read() {
    let (corpus, raw) = (
        Path::new("examples/demo-corpus"),
        Path::new("examples/dumps"),
    );
    for inside in [
        raw.join("000_night-ferry.txt"),
        corpus.join("records/new.svg"),
    ] {
        let before = fs::read(&inside).ok();
        let (code, said) = draw(corpus, "art-91f9", raw, &inside);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("would change what is read"), "{said}");
        assert_eq!(fs::read(&inside).ok(), before);
    }
    for (nowhere, why) in [
        ("-", "cannot write to standard output"),
        ("gone/a.svg", "the folder `gone` does not exist"),
    ] {
        let (code, said) = draw(corpus, "art-91f9", raw, Path::new(nowhere));
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(why), "{said}");
        assert!(!said.contains("Night Ferry"), "{said}");
    }
}
