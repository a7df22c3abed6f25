//! Prose, which must stay text in any form.

use super::super::sniff;
use crate::dump::Kind;

/// Sentences in many languages and scripts, with what tables, markup and headers are made of.
const SENTENCES: [&str; 24] = [
    "Rain fell on Tuesday, the council said, and the ford was closed.",
    "\"We waited,\" said Ida Marrow, \"and then it rained.\"",
    "He said, \"Rain.\"",
    "Fares rose by 1,5 percent; some, by 2,000 crowns.",
    "Der Regen fiel am Dienstag, sagte der Rat, und die Furt wurde gesperrt.",
    "La pluie est tombée mardi ; la route, fermée, a rouvert jeudi.",
    "«Llovió», dijo Ida, «toda la noche».",
    "Дождь шёл во вторник, сообщил совет, и брод закрыли.",
    "Η βροχή έπεσε την Τρίτη, είπε το συμβούλιο.",
    "هطل المطر يوم الثلاثاء، وقال المجلس إن الطريق مغلق.",
    "बारिश मंगलवार को हुई, परिषद ने कहा।",
    "ฝนตกเมื่อวันอังคาร สภากล่าวว่าถนนปิด",
    "雨は火曜日に降った、と議会は述べた。",
    "星期二下雨,市议会说,路关了。",
    "비가 화요일에 내렸다, 시의회가 말했다.",
    "{Editor's note: the name was changed.}",
    "[Photo: Ida Marrow]",
    "<3 from the harbour",
    "Home | News | Sport",
    "1) Eggs, flour, milk",
    "- Rain: 12 mm; wind: 3 m/s",
    "From: the harbour",
    "# Rain & snow %",
    "Tyger Tyger, burning bright,",
];

fn stays(text: &str) {
    for name in ["a", "a.txt", "a.asc", "Rain, and snow.text"] {
        let found = sniff(name, text.as_bytes());
        assert_eq!(found.kind, Kind::Text, "{text:?}: {}", found.why);
        assert!(found.layers.is_empty());
    }
}

/// The sentences from one of them on, as many as there are.
fn from(start: usize) -> impl Iterator<Item = &'static str> {
    SENTENCES.into_iter().cycle().skip(start).step_by(5)
}

#[test]
fn sentences_and_paragraphs_are_text() {
    for start in 0..SENTENCES.len() {
        for count in [1, 2, 3, 7, 24] {
            for between in [" ", "\n", "\n\n", "\r\n", "\n\t", "\r", " \n \n"] {
                let lines: Vec<&str> = from(start).take(count).collect();
                stays(&lines.join(between));
                stays(&format!("\u{feff}{}\n", lines.join(between)));
            }
        }
    }
}

#[test]
fn one_sentence_again_and_again_is_text() {
    for (at, sentence) in SENTENCES.into_iter().enumerate() {
        // Bars between as many words in every line make a table.
        if sentence.contains('|') {
            continue;
        }
        for count in [2, 4, 40] {
            // In Chinese nothing tells such lines from rows but their number.
            if sentence.starts_with('星') && count > 4 {
                continue;
            }
            for between in ["\n", "\n\n", "\n\t"] {
                let lines = vec![SENTENCES[at]; count];
                stays(&lines.join(between));
            }
        }
    }
}

#[test]
fn indented_numbered_and_headed_prose_is_text() {
    for start in 0..SENTENCES.len() {
        let lines: Vec<&str> = from(start).take(6).collect();
        for head in [
            "Title: Rain\nAuthor: Ida Marrow\nDate: 2021-03-04\n\n",
            "From: Ida Marrow\nDate: Tuesday\nSubject: Rain\n\n",
            "TITLE, AUTHOR\n\n",
            "title\tRain\n\n",
            "---\ntitle: Rain\n---\n\n",
            "* * *\n\n",
            " date 2021-03-04 https://a.example/b?c=1,2;d\n\n",
        ] {
            stays(&format!("{head}{}\n", lines.join("\n\n")));
        }
        let numbered = lines.iter().enumerate();
        let numbered: Vec<String> = numbered
            .map(|(at, line)| format!("{}.\t{line}", at + 1))
            .collect();
        stays(&numbered.join("\n"));
        let bulleted: Vec<String> = lines.iter().map(|line| format!("-\t{line}")).collect();
        stays(&bulleted.join("\n"));
        let indented: Vec<String> = lines.iter().map(|line| format!("\t\t{line}")).collect();
        stays(&indented.join("\n"));
    }
}

#[test]
fn a_table_in_prose_is_text() {
    for table in [
        "Team\tPoints\nHarbour\t3\nMill\t1\n",
        "Team,Points\nHarbour,3\nMill,1\n",
        "| Team | Points |\n|---|---|\n| Harbour | 3 |\n",
        "{\"team\": \"Harbour\"}\n",
        "<p>Harbour</p>\n",
    ] {
        for start in 0..SENTENCES.len() {
            let lines: Vec<&str> = from(start).take(4).collect();
            let lines = lines.join("\n");
            stays(&format!("Points were won.\n\n{table}\n{lines}\n"));
            stays(&format!("Points were won.\n{lines}\n{table}"));
        }
    }
}

#[test]
fn verses_and_dialogues_are_text() {
    stays(
        "Tyger Tyger, burning bright,\nIn the forests of the night,\nWhat immortal hand, or eye,\n",
    );
    stays("The curfew tolls;\nThe lowing herd winds;\nThe plowman plods;\nAnd leaves;\n");
    stays("\"Rain.\"\n\"Rain?\"\n\"Rain, yes.\"\n\"When?\"\n");
    stays("白日依山尽,黄河入海流。\n欲穷千里目,更上一层楼。\n");
    stays("Ida: Rain, I think.\nBo: Snow, I hope.\nIda: Fog, I fear.\nBo: Ice, then.\n");
    stays("Ida said, \"Rain.\"\nBo said, \"Snow.\"\nIda said, \"Fog.\"\nBo said, \"Ice.\"\n");
    stays("Marrow, Ida\nPell, Oona\nFord, Bo\nMill, Ann\nQuay, Tom\n");
}
