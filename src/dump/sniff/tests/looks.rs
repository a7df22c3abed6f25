//! Invented files of each kind, and what looks like them.

use std::io::Write as _;

use super::super::sniff;
use crate::dump::Kind;

/// A file, and what it is.
type Case = (&'static str, &'static [u8], Kind);

fn hold(cases: &[Case]) {
    for (path, bytes, kind) in cases {
        let found = sniff(path, bytes);
        let shown = String::from_utf8_lossy(bytes);
        assert_eq!(found.kind, *kind, "{path}: {shown:?}: {}", found.why);
        assert!(found.layers.is_empty(), "{path}");
    }
}

#[test]
fn text_and_what_is_told_by_its_name() {
    hold(&[
        ("a.txt", b" date 2021-03-04 x", Kind::Text),
        ("a", b"Headline\n", Kind::Text),
        ("a.txt", b"", Kind::Empty),
        ("a.txt", b" \n", Kind::Text),
        ("a.txt", b"caf\xe9\n", Kind::Text),
        ("a.txt", b"a\0b", Kind::Binary),
        ("a.txt", b"\x0e\x01\xff\x02\x03", Kind::Binary),
        ("a.jpg", b"../../blobs/0a1b", Kind::Pointer),
        (
            "a.txt",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n",
            Kind::Pointer,
        ),
        ("b/README.txt", b"About", Kind::Notes),
        (".gitattributes", b"* -text", Kind::Notes),
        ("a/Thumbs.db", b"\xd0\xcf\x11\xe0", Kind::Notes),
        ("a/THUMBS.DB", b"", Kind::Notes),
        ("Desktop.ini", b"[.ShellClassInfo]", Kind::Notes),
        ("a.txt~", b"Headline\n", Kind::Notes),
        ("a/.~lock.a.odt#", b",keeper", Kind::Notes),
        ("a/._a.txt", b"\0\x05\x16\x07", Kind::Notes),
        (".DS_Store", b"\0\0\0\x01Bud1", Kind::Notes),
        ("thumbs.txt", b"Headline\n", Kind::Text),
        ("a.YML", b"a: 1", Kind::Notes),
    ]);
}

#[test]
fn what_its_first_words_tell() {
    hold(&[
        (
            "a.txt",
            b"@article{ferry2024,\n title = {Ferry}}",
            Kind::Bibtex,
        ),
        ("a", b"@Misc {ferry,", Kind::Bibtex),
        ("a", b"@misc{ferry ,", Kind::Bibtex),
        ("a", b"@article(ferry,", Kind::Bibtex),
        (
            "a",
            b"% Encoding: UTF-8\n\n% old\n@misc{ferry,",
            Kind::Bibtex,
        ),
        ("a", b"% 5 rose\n\nRain fell.", Kind::Text),
        ("a", b"@String{rain = {fell}}", Kind::Bibtex),
        ("a", b"@harbour {sic} says, rain", Kind::Text),
        ("a", b"@harbour says {sic}", Kind::Text),
        ("a", b"@{ferry}", Kind::Text),
        ("a.bib", b"% none yet", Kind::Bibtex),
        ("a", b"BEGIN:VCALENDAR\r\nVERSION:2.0", Kind::Icalendar),
        ("a.txt", b"BEGIN:VCARD\nFN:Keeper", Kind::Icalendar),
        ("a.txt", b"begin:vcard\nfn:Keeper", Kind::Icalendar),
        (
            "a",
            b"WEBVTT\n\n00:01.000 --> 00:04.000\nRain.",
            Kind::Subtitles,
        ),
        (
            "a",
            b"1\r\n00:00:01,000 --> 00:00:04,000\r\nRain.",
            Kind::Subtitles,
        ),
        (
            "a",
            b"1\n00:00:01.000 --> 00:00:04.000\nRain.",
            Kind::Subtitles,
        ),
        (
            "a",
            b"1\n00:00:01,000 --> 00:00:04,000 X1:40 X2:600\nRain.",
            Kind::Subtitles,
        ),
        ("a", b"1\n00:00:01,000 --> 00:00:04,000", Kind::Subtitles),
        ("a", b"1 00:00:01,000 --> 00:00:04,000\nRain.", Kind::Text),
        ("a", b"1\n00:00:01 --> later\nRain.", Kind::Text),
        ("a", b"00:00:01,000 --> 00:00:04,000\nRain.", Kind::Text),
        ("a.txt", b"\\documentclass{article}", Kind::Latex),
        (
            "a",
            b"% notes\n\n%\n\\documentclass[12pt]{article}",
            Kind::Latex,
        ),
        ("a", b"% of people\nlike rain.", Kind::Text),
        ("a.tex", b"Rain \\emph{fell}.", Kind::Latex),
        ("a.txt", b"#!/usr/bin/env python3\nprint(1)", Kind::Code),
        ("scrape.py", b"import json\n", Kind::Text),
        ("a.JS", b"let rain = 1;", Kind::Code),
        ("a", b"<?php echo 1;", Kind::Code),
        ("a.sql", b"INSERT INTO a VALUES (1);", Kind::Sql),
        // A site, and a headline.
        ("a.pl", b"Rain fell.", Kind::Text),
        ("a", b"#!rain", Kind::Text),
    ]);
}

#[test]
fn json_and_what_begins_with_a_bracket() {
    hold(&[
        ("a.txt", b"{}", Kind::Json),
        ("a.txt", b"\xef\xbb\xbf \n {\"a\" : 1}", Kind::Json),
        ("a", b"[{\"a\": [1, -2.5e3, null]}]\n", Kind::Json),
        ("a", b"[\"a\", \"b\"]", Kind::Json),
        ("a", b"{\"a\": {\"b\": \"c", Kind::Json),
        ("a", b"{\"a\": 1, oops", Kind::Json),
        ("a", b"[\n  {\"a\": 1},\n  {'b': 2}]", Kind::Json),
        ("a.jsonl", b"{}", Kind::JsonLines),
        ("a", b"{\"a\":1}\n{\"a\":2}\n", Kind::JsonLines),
        ("a", b"{\"a\":1}{\"a\":2}", Kind::JsonLines),
        ("a", b"{\n\"a\":1}\n{\n\"a\":2}", Kind::JsonLines),
        ("a", b"[1]\n[2]\n", Kind::JsonLines),
        ("a.json", b"[1]\n[2", Kind::JsonLines),
        ("a", b"\x1e{\"a\":1}\n\x1e{\"a\":2}\n", Kind::JsonLines),
        ("a.json", b"{'a': 1}", Kind::Json),
        ("a.json", b"404: Not Found", Kind::Json),
        ("a", b"{'a': 1}", Kind::Text),
        ("a", b"[Reuters] Rain fell.", Kind::Text),
        ("a", b"[1] A footnote.", Kind::Text),
        ("a", b"[1, 2] are numbers.", Kind::Text),
        ("a", b"[\"Rain\", she said] and left.", Kind::Text),
        ("a", b"[\"Rain", Kind::Text),
        ("a", b"{Rain} fell.", Kind::Text),
        ("a", b"{\"Rain\" fell.", Kind::Text),
        ("a", b"\"Rain,\" she said.", Kind::Text),
        ("a", b"\"Rain\"", Kind::Text),
        ("a", b"2021", Kind::Text),
    ]);
}

#[test]
fn markup_and_what_begins_with_angle_brackets() {
    hold(&[
        ("a.txt", b"\xef\xbb\xbf<!DOCTYPE HTML>", Kind::Html),
        (
            "a.txt",
            b"\n<!-- saved -->\n<HTML lang=\"en\"><p>",
            Kind::Html,
        ),
        (
            "a.xml",
            b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html>",
            Kind::Html,
        ),
        ("a", b"<div class='a'>Rain</div>", Kind::Html),
        ("a", b"<P>Rain<br>fell</P>", Kind::Html),
        (
            "a",
            b"Rain<br>fell.<br><br>It <a href='x'>ended</a>.<p>Then</p>",
            Kind::Html,
        ),
        ("a.html", b"Rain fell.", Kind::Html),
        ("a.txt", b"<!DOCTYPE html>Rain\0fell", Kind::Html),
        ("a.xml", b"<nitf>", Kind::Nitf),
        (
            "a",
            b"<!DOCTYPE nitf SYSTEM 'nitf.dtd' [<!ENTITY a 'b>c'>]><nitf>",
            Kind::Nitf,
        ),
        (
            "a",
            b"<?xml version='1.0'?><a:newsMessage xmlns:a='b'/>",
            Kind::Newsml,
        ),
        ("a", b"<NewsML Version='1.2'>", Kind::Newsml),
        (
            "a",
            b"<?xml version='1.0'?><newsitem itemid='2'>",
            Kind::Xml,
        ),
        ("a", b"<?xml version='1.0'?><rss version='2.0'>", Kind::Feed),
        (
            "a",
            b"<feed xmlns='http://www.w3.org/2005/Atom'>",
            Kind::Feed,
        ),
        (
            "a",
            b"<feed xmlns='https://example.org/shop'></feed>",
            Kind::Xml,
        ),
        (
            "a",
            b"<rdf:RDF xmlns='http://purl.org/rss/1.0/'>",
            Kind::Feed,
        ),
        ("a", b"<rdf:RDF xmlns:rdf='x'></rdf:RDF>", Kind::Xml),
        (
            "a",
            b"<rss xmlns:excerpt='http://wordpress.org/export/1.2/excerpt/'>",
            Kind::Wxr,
        ),
        ("a", b"\xef\xbb\xbf\n<?xml version='1.0'?>", Kind::Xml),
        ("a", b"<?xml version='1.0'?><!-- a > b --><news>", Kind::Xml),
        ("a", b"<articles><article/></articles>", Kind::Xml),
        ("a.xml", b"<article><p>Rain</p></article>", Kind::Xml),
        ("a.xml", b"Rain fell.", Kind::Xml),
        (
            "a.txt",
            b"<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS>",
            Kind::Sgml,
        ),
        ("a", b"<REUTERS TOPICS=\"YES\">\n", Kind::Sgml),
        ("a", b"<?xml version='1.0'?><REUTERS>", Kind::Xml),
        ("a", b"<DOC>\n<DOCNO> 1 </DOCNO>", Kind::Sgml),
        (
            "a",
            b"<doc id=\"12\" url=\"x\" title=\"y\">\nRain\n</doc>",
            Kind::Sgml,
        ),
        ("a", b"<doc><p>Rain</p></doc>", Kind::Xml),
        ("a.sgm", b"<STORY>\n", Kind::Sgml),
        (
            "a",
            b"<svg xmlns='http://www.w3.org/2000/svg'>",
            Kind::Media,
        ),
        ("a", b"<ida> It rains.\n<bo> It does.", Kind::Text),
        ("a", b"<3 this", Kind::Text),
        ("a", b"<< Rain >> fell </ sort of", Kind::Text),
        ("a", b"<b> is a tag of HTML.", Kind::Text),
        ("a", b"<Rain fell on the", Kind::Text),
        (
            "a",
            b"In HTML, <p> begins a paragraph and </p> ends it.",
            Kind::Text,
        ),
    ]);
}

#[test]
fn mail_and_headers_that_are_none() {
    hold(&[
        (
            "a.txt",
            b"From: a\r\nDate: b\r\nTo: c,\r\n d\r\nMIME-Version: 1.0\r\n\r\nRain",
            Kind::Mail,
        ),
        ("a", b"   \nReceived: b\nfrom: c\ndate: d\n\n\0", Kind::Mail),
        (
            "a",
            b"From a\nReceived: b\nfrom: c\ndate: d\n\n",
            Kind::Mailbox,
        ),
        (
            "a",
            b"Content-Type: text/plain\nMIME-Version: 1.0\nTo: a\n\nRain",
            Kind::Mail,
        ),
        (
            "a",
            b"Path: a\nNewsgroups: b.c\nMessage-ID: <d>\n\nRain",
            Kind::Mail,
        ),
        (
            "a",
            b"Received: on Tuesday\nReceived: on Monday\n\nRain",
            Kind::Text,
        ),
        ("a.eml", b"From: Harbour\nDate: today\n\nRain", Kind::Mail),
        ("a.txt", b"From: Harbour\nDate: today\n\nRain", Kind::Text),
        (
            "a.txt",
            b"To: the editor\nSubject: Rain\nFrom: a\n\nIt fell.",
            Kind::Mail,
        ),
        (
            "a.txt",
            b"To: the editor\nSubject: Rain\n\nIt fell.",
            Kind::Text,
        ),
        (
            "a",
            b"From: a\nDate: b\nIt rained: MIME-Version: 1.0\n\n",
            Kind::Text,
        ),
        (
            "a",
            b"Title: Rain\nAuthor: Ida\nDate: 2021\n\nRain fell.",
            Kind::Text,
        ),
        ("a.eml", b"Rain fell.", Kind::Text),
        ("a", b"From the harbour, rain was seen.\n", Kind::Text),
    ]);
}

#[test]
fn wire_copy() {
    hold(&[
        (
            "a",
            b"\x16\x16\x01W2870\x1fasian\nf l\x13\x11 BC-Rain 1049\n\x02Rain",
            Kind::Anpa,
        ),
        (
            "a",
            b"\x01W2870\x1fasian\nf l\x13\x11 BC-Rain\n\x02Rain\0",
            Kind::Anpa,
        ),
        (
            "a",
            b"\r\n\x01eca100 3 s 586 ccccb   dpa 099\r\n\n\x02Rain\r\n\x03",
            Kind::Iptc7901,
        ),
        ("a", b"\x01\x02", Kind::Text),
        (
            "a",
            b"BC-RAIN, 1st Ld\n^Rain ends\n^By IDA\n\nRAIN (CW) _ It",
            Kind::Text,
        ),
    ]);
}

#[test]
fn fixed_first_bytes() {
    hold(&[
        ("a.txt", b"WARC/1.1\r\n", Kind::Warc),
        (
            "a.txt",
            b"WARC/1.0\r\nContent-Length: 4\r\n\r\n\0\0\0\0",
            Kind::Warc,
        ),
        ("a", b"WARC files are archives.", Kind::Text),
        (
            "a",
            b"filedesc://a.arc 0.0.0.0 20140301000000 text/plain 9\n",
            Kind::Arc,
        ),
        ("a.txt", b"\nTY  - NEWS\nTI  - Rain\nER  - \n", Kind::Ris),
        ("a", b"TY - hello", Kind::Text),
        ("a", b"-- MySQL dump 10.13\n", Kind::Sql),
        ("a", b"--\n-- PostgreSQL database dump\n--\n", Kind::Sql),
        ("a", b"-- Rain, she said.", Kind::Text),
        ("a.txt", b"{\\rtf1\\ansi Rain}", Kind::Rtf),
        ("a.txt", b"%PDF-1.7\n", Kind::Pdf),
        ("a", b"%!PS-Adobe-3.0\n", Kind::Pdf),
        ("a", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", Kind::Office),
        ("a", b"7z\xbc\xaf\x27\x1c\0", Kind::Archive),
        ("a", b"Rar!\x1a\x07\x01\0", Kind::Archive),
        ("a", b"\x1f\x9d\x90", Kind::Packed),
        ("a", b"\x50\x2a\x4d\x18\0\0\0\0", Kind::Packed),
        ("a", b"PAR1\x15\x04", Kind::Parquet),
        ("a", b"PAR1 is a word.", Kind::Text),
        ("a", b"ARROW1\0\0\xff", Kind::Arrow),
        ("a", b"\xff\xff\xff\xff\x70\x03\0\0\x10\0", Kind::Arrow),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0", Kind::Media),
        ("a", b"GIF89a\x01\0", Kind::Media),
        ("a", b"GIF89a is a format.", Kind::Text),
        ("a", b"BMW builds cars.", Kind::Text),
        ("a", b"\0\0\0\x18ftypmp42", Kind::Media),
        ("a", b"SQLite format 3\0", Kind::Binary),
        ("a", b"BZh9 is a call sign.", Kind::Text),
        ("a", b"PK is an abbreviation.", Kind::Text),
    ]);
}

/// One entry of a zip archive that is stored.
fn entry(name: &str, data: &[u8]) -> Vec<u8> {
    let mut entry = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    for size in [data.len(), data.len()] {
        entry.extend(u32::try_from(size).unwrap().to_le_bytes());
    }
    entry.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
    entry.extend([0, 0]);
    entry.extend(name.as_bytes());
    entry.extend(data);
    entry
}

#[test]
fn zip_archives_by_their_entries() {
    let types = "[Content_Types].xml";
    let nested = entry("word/document.xml", b"");
    for (entries, kind) in [
        (vec![entry("a.txt", b"Rain")], Kind::Zip),
        (vec![entry("a.docx", &nested)], Kind::Zip),
        (
            vec![entry(types, b""), entry("xl/workbook.xml", b"")],
            Kind::Xlsx,
        ),
        (
            vec![entry(types, b""), entry("word/document.xml", b"")],
            Kind::Office,
        ),
        (vec![entry(types, b"")], Kind::Office),
        (
            vec![entry(
                "mimetype",
                b"application/vnd.oasis.opendocument.text",
            )],
            Kind::Office,
        ),
        (vec![entry("mimetype", b"application/epub+zip")], Kind::Zip),
        (
            vec![
                entry("archive/data.warc.gz", b"x"),
                entry("datapackage.json", b"{}"),
            ],
            Kind::Wacz,
        ),
        (vec![b"PK\x05\x06".to_vec()], Kind::Zip),
    ] {
        let found = sniff("a.txt", &entries.concat());
        assert_eq!(found.kind, kind, "{}", found.why);
    }
}

/// A tar archive of one empty file.
fn tar() -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..5].copy_from_slice(b"a.txt");
    header[124..136].copy_from_slice(b"00000000000\0");
    header[148..156].copy_from_slice(b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header.resize(2048, 0);
    header
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn codecs_are_undone() {
    let layers = |bytes: &[u8], path: &str| {
        let found = sniff(path, bytes);
        let layers: Vec<String> = found.layers.iter().map(ToString::to_string).collect();
        (found.kind, layers.join(" "))
    };
    let is = |kind, layers: &str| (kind, layers.to_owned());
    assert_eq!(layers(&tar(), "a"), is(Kind::Tar, ""));
    assert_eq!(layers(&gzip(&tar()), "a"), is(Kind::Tar, "gzip"));
    let text = gzip(b"Rain fell.");
    assert_eq!(layers(&text, "a.txt"), is(Kind::Text, "gzip"));
    assert_eq!(layers(&text, "a.html.GZ"), is(Kind::Html, "gzip"));
    assert_eq!(layers(&gzip(&text), "a"), is(Kind::Text, "gzip gzip"));
    assert_eq!(layers(&gzip(b""), "a"), is(Kind::Empty, "gzip"));
    let zstd = zstd::encode_all(&b"{\"a\":1}\n{}"[..], 1).unwrap();
    assert_eq!(layers(&zstd, "a"), is(Kind::JsonLines, "zstd"));
    // What is cut is told by what there is; what gives nothing is named.
    let page = gzip("<!doctype html><p>Rain".repeat(10_000).as_bytes());
    assert_eq!(layers(&page, "a"), is(Kind::Html, "gzip"));
    assert_eq!(layers(&page[..page.len() / 2], "a"), is(Kind::Html, "gzip"));
    assert_eq!(layers(b"\x1f\x8b\x08\0", "a.txt"), is(Kind::Packed, ""));
    let mut deep = b"Rain".to_vec();
    for _ in 0..5 {
        deep = gzip(&deep);
    }
    assert_eq!(layers(&deep, "a"), is(Kind::Packed, "gzip gzip gzip gzip"));
    let why = sniff("a", b"\x1f\x8b\x08\0").why;
    assert_eq!(
        why.as_str(),
        "begins as gzip does, but does not unpack: the data ends too early"
    );
}

#[test]
fn wide_text_is_decoded() {
    let wide = |text: &str, mark: bool, little: bool| {
        let mark = if mark { "\u{feff}" } else { "" };
        let units = mark.encode_utf16().chain(text.encode_utf16());
        let bytes = units.flat_map(|unit| {
            if little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        });
        bytes.collect::<Vec<u8>>()
    };
    for mark in [true, false] {
        for little in [true, false] {
            let encoding = if little { "UTF-16LE" } else { "UTF-16BE" };
            for (text, kind) in [
                ("Rain fell.\n", Kind::Text),
                ("雨は火曜日に降った。\n終わり。\n", Kind::Text),
                ("{\"a\": 1}", Kind::Json),
                ("<?xml version='1.0' encoding='utf-16'?><news>", Kind::Xml),
                ("id\ttitle\n1\tRain\n2\tSnow\n", Kind::Tsv),
            ] {
                let found = sniff("a", &wide(text, mark, little));
                assert_eq!(found.kind, kind, "{text}: {}", found.why);
                assert!(found.why.as_str().contains(encoding), "{}", found.why);
            }
        }
    }
    let utf32: Vec<u8> = "Rain 雨"
        .chars()
        .flat_map(|c| u32::from(c).to_le_bytes())
        .collect();
    assert!(sniff("a", &utf32).why.as_str().contains("UTF-32LE"));
    let numbers: Vec<u8> = (1..40_u16).flat_map(u16::to_le_bytes).collect();
    assert_eq!(sniff("a", &numbers).kind, Kind::Binary);
}

#[test]
fn tables() {
    hold(&[
        ("a.csv", b"title,body", Kind::Csv),
        ("a.csv", b"title\nRain\nSnow\n", Kind::Csv),
        (
            "a.csv",
            b"\"title\"\n\"Rain, and \"\"snow\"\"\"\n",
            Kind::Csv,
        ),
        ("a.tsv", b"Rain", Kind::Tsv),
        ("a.csv", b"id\ttitle\n1\tRain, snow\n", Kind::Tsv),
        ("a.txt", b"sep=;\r\nRain;Snow\r\n", Kind::Csv),
        (
            "a",
            b"title,body\nRain,\"It fell.\n\nThen, it ended.\"\n",
            Kind::Csv,
        ),
        ("a", b"id;title\r\n1;Rain, again\r\n2;Snow\r\n", Kind::Csv),
        (
            "a",
            b"1,Rain,It fell.\n2,Snow,It fell, too\n3,Fog,No\n4,Ice,x\n",
            Kind::Text,
        ),
        (
            "a",
            b"1,Rain,\"It fell, too.\"\n2,Snow,It fell.\n",
            Kind::Csv,
        ),
        (
            "a",
            b"\"2\", \"Rain\", \"It fell, and\"\n\"4\", \"Snow\", \"x\"\n",
            Kind::Csv,
        ),
        ("a", b"5\tRain fell.\n1\tSnow, too.\n3\tIce\n", Kind::Tsv),
        ("a", b"1\tHe said \"Rain\n2\t\"Snow\n3\tIce\n", Kind::Tsv),
        ("a", b",title\n0,Rain\n1,Snow\n", Kind::Csv),
        ("a", b"Rain|north|2\nSnow|south|3\nFog|east|4\n", Kind::Csv),
        ("a", b"\xef\xbb\xbftitle,text\nRain,It fell.\n", Kind::Csv),
        ("a", b"title,text\ncaf\xe9,It fell.\n", Kind::Csv),
        ("a", b"title,body\nRain,\"It fell.\nNo end", Kind::Text),
    ]);
    let found = sniff("a", b"id,title\n1,Rain\n2,Snow\n");
    assert_eq!(
        found.why.as_str(),
        "3 of 3 rows have 2 cells separated by `,`, and the first row names columns"
    );
}

#[test]
fn evidence_is_escaped_and_short() {
    let escape = |text: &str| text.chars().any(crate::diagnostic::escape::is_escaped);
    let long = "a".repeat(9_000);
    for (path, bytes) in [
        ("a", "<a\u{202e}b></a\u{202e}b>".to_owned()),
        ("a", format!("<!DOCTYPE {long}>")),
        ("a", format!("WARC/1.1 \u{1b}[31m{long}")),
        ("README.\u{1b}[31m", "a".to_owned()),
        ("a.js\u{1b}on", "{".to_owned()),
        ("README.\u{e0001}", "a".to_owned()),
    ] {
        let why = sniff(path, bytes.as_bytes()).why;
        assert!(!escape(why.as_str()), "{why:?}");
        assert!(why.as_str().chars().count() < 160, "{why}");
    }
}
