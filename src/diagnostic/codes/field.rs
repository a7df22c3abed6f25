//! What the schemas ask of a record's fields.

codes! {
    "Fields";

    FORMAT_VERSION = "format-version", Error, "record-format" {
        summary: "The record is not of a format version that is known here.",
        what: "`format` is `dateline/1`. Another value is a record of a newer version, or no \
            record of dateline at all; nothing else of it is checked.",
        why: "A newer version may mean other things by the same fields. Half an understanding is \
            worse than none.",
        bad: r#"{"format": "dateline/2", "type": "article", "id": "art-1"}"#,
        good: r#"{"format": "dateline/1", "type": "article", "id": "art-1"}"#,
        never_known: "nothing else of the record is checked",
    }
    TYPE_UNKNOWN = "type-unknown", Error, "record-type" {
        summary: "The record is of no known type.",
        what: "`type` is `article`, `relation` or `withdrawal`.",
        why: "The type says which fields a record has and which tree leaf it becomes.",
        bad: r#"{"format": "dateline/1", "type": "news", "id": "art-1"}"#,
        good: r#"{"format": "dateline/1", "type": "article", "id": "art-1"}"#,
        never_known: "nothing else of the record is checked",
    }
    FIELD_UNKNOWN = "field-unknown", Error, "record-fields-closed" {
        summary: "A field is not one of the format's.",
        what: "An object holds only the fields that the specification names. Fields of your own \
            go under `x`, which dateline carries and never reads.",
        why: "A misspelt field would otherwise be data that nobody sees.",
        bad: r#"{"article": {"title": "Rain ends the drought"}}"#,
        good: r#"{"article": {"headline": "Rain ends the drought"}, "x": {"desk": "weather"}}"#,
    }
    FIELD_MISSING = "field-missing", Error, "record-fields-required" {
        summary: "A required field is missing.",
        what: "Some fields are always there: of a record `format`, `type` and `id`, of an article \
            `raw` too, and so on down to the `url` of a link.",
        why: "Whoever reads a record relies on them.",
        bad: r#"{"links": [{"relation": "related"}]}"#,
        good: r#"{"links": [{"url": "https://example.com/b", "relation": "related"}]}"#,
    }
    FIELD_TYPE = "field-type", Error, "record-field-types" {
        summary: "A value is of the wrong JSON type.",
        what: "A value is of the type that the specification gives its field: text, integer, list \
            or object.",
        why: "A number in one record and a text in the next cannot share a column.",
        bad: r#"{"fetch": {"status": "200"}, "article": {"keywords": "rain"}}"#,
        good: r#"{"fetch": {"status": 200}, "article": {"keywords": ["rain"]}}"#,
    }
    FIELD_EMPTY = "field-empty", Error, "record-no-empty" {
        summary: "A value is empty.",
        what: "Absence is the only empty value: `null`, `\"\"`, `[]` and `{}` are errors outside \
            `x`. Leave the field out.",
        why: "Parquet turns one of them into another, and each would have a digest of its own. \
            pandas, DuckDB and Polars write `null` for a value that a row lacks.",
        bad: r#"{"article": {"headline": "Rain", "subtitle": null, "keywords": []}}"#,
        good: r#"{"article": {"headline": "Rain"}}"#,
    }
    FIELD_VALUE = "field-value", Error, "record-field-values" {
        summary: "A value is not one that its field allows.",
        what: "A value fits its field: one of the words listed, within the range, or of the \
            pattern. The message says which.",
        why: "Closed lists can be counted and filtered; free spellings cannot.",
        bad: r#"{"absent": {"authors": "unknown"}, "fetch": {"status": 42}}"#,
        good: r#"{"absent": {"authors": "not_in_dump"}, "fetch": {"status": 200}}"#,
    }
    ID_FORM = "id-form", Error, "id-form" {
        summary: "An id is not of the form of ids.",
        what: "An id is a letter or digit, then up to 127 letters, digits, `.`, `_`, `~` or `-`, \
            all ASCII.",
        why: "Ids stand in file names, URLs and the lines of entries.txt, where blanks, slashes \
            and other scripts have another meaning or several spellings.",
        bad: r#"{"id": "news/2022 №7"}"#,
        good: r#"{"id": "news-2022-7"}"#,
    }
    URL_INVALID = "url-invalid", Error, "record-url" {
        summary: "A URL is not an absolute http or https URL.",
        what: "A URL of a record is absolute, of the scheme http or https, and has a host.",
        why: "A relative URL means nothing away from the page it stood on.",
        bad: r#"{"source": {"url": "/2022/rain.html"}}"#,
        good: r#"{"source": {"url": "https://example.com/2022/rain.html"}}"#,
    }
    TIME_FORM = "time-form", Error, "time-form" {
        summary: "A time is not of the form of times.",
        what: "A time is ISO 8601 at the precision that is known: `2022`, `2022-02`, \
            `2022-02-11`, `2022-02-11T14:55Z`, `2022-02-11T14:55:00.123+03:00`. `T` and `Z` are \
            upper case, a zero offset is `Z`, a time whose zone is not known has none.",
        why: "One instant has one spelling, so that texts can be compared and hashed. Padding a \
            day to midnight invents a time.",
        bad: r#"{"article": {"published": "11.02.2022 14:55"}}"#,
        good: r#"{"article": {"published": "2022-02-11T14:55"}}"#,
    }
    TIME_CALENDAR = "time-calendar", Error, "time-calendar" {
        summary: "A time names no day or hour that exists.",
        what: "The day exists in the Gregorian calendar and the hour is 00 to 23, minutes and \
            seconds 00 to 59.",
        why: "Such a value is a slip in a conversion, often a day and a month exchanged.",
        bad: r#"{"article": {"published": "2022-02-30"}}"#,
        good: r#"{"article": {"published": "2022-02-28"}}"#,
    }
}
