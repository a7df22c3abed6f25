//! Codes for the fields of a record that break its schema.

codes! {
    "Fields";

    FORMAT_VERSION = "format-version", Error, "record-format" {
        summary: "The format version of the record is not supported.",
        what: "`format` is `dateline/1`. Any other value means a newer version, or a record that is not \
            in dateline's format. Nothing else in the record is checked.",
        why: "In a newer version, the same fields may mean something else. Reading them by the old rules \
            could be worse than not reading them.",
        bad: r#"{"format": "dateline/2", "type": "article", "id": "art-1"}"#,
        good: r#"{"format": "dateline/1", "type": "article", "id": "art-1"}"#,
        never_known: "nothing else of the record is checked",
    }
    TYPE_UNKNOWN = "type-unknown", Error, "record-type" {
        summary: "The type of the record is unknown.",
        what: "`type` is `article`, `relation` or `withdrawal`.",
        why: "The type determines which fields a record has and which leaf it becomes in the tree.",
        bad: r#"{"format": "dateline/1", "type": "news", "id": "art-1"}"#,
        good: r#"{"format": "dateline/1", "type": "article", "id": "art-1"}"#,
        never_known: "nothing else of the record is checked",
    }
    FIELD_UNKNOWN = "field-unknown", Error, "record-fields-closed" {
        summary: "A field is not part of the format.",
        what: "An object has only the fields that the specification names. Put your own fields under `x`, \
            which dateline keeps but never reads.",
        why: "Otherwise a misspelt field would be data that nobody sees.",
        bad: r#"{"article": {"title": "Rain ends the drought"}}"#,
        good: r#"{"article": {"headline": "Rain ends the drought"}, "x": {"desk": "weather"}}"#,
    }
    FIELD_MISSING = "field-missing", Error, "record-fields-required" {
        summary: "A required field is missing.",
        what: "Some fields are required: `format`, `type` and `id` in every record, `raw` in an article, \
            and so on, down to the `url` of a link.",
        why: "Every reader of a record relies on them.",
        bad: r#"{"links": [{"relation": "related"}]}"#,
        good: r#"{"links": [{"url": "https://example.com/b", "relation": "related"}]}"#,
    }
    FIELD_TYPE = "field-type", Error, "record-field-types" {
        summary: "A value has the wrong JSON type.",
        what: "Each value has the type that the specification states for its field: string, integer, \
            array or object.",
        why: "A number in one record and a string in the next cannot share a column.",
        bad: r#"{"fetch": {"status": "200"}, "article": {"keywords": "rain"}}"#,
        good: r#"{"fetch": {"status": 200}, "article": {"keywords": ["rain"]}}"#,
    }
    FIELD_EMPTY = "field-empty", Error, "record-no-empty" {
        summary: "A value is empty.",
        what: "`null`, `\"\"`, `[]` and `{}` are errors outside `x`. To say that there is no value, leave \
            the field out.",
        why: "Parquet turns some of these into others, and each form has a different digest. pandas, \
            DuckDB and Polars write `null` when a row lacks a value.",
        bad: r#"{"article": {"headline": "Rain", "subtitle": null, "keywords": []}}"#,
        good: r#"{"article": {"headline": "Rain"}}"#,
    }
    FIELD_VALUE = "field-value", Error, "record-field-values" {
        summary: "A value is not allowed in its field.",
        what: "Each value fits its field: it is one of the listed words, within the range, or matches the \
            pattern. The message says which of these it breaks.",
        why: "Values from a closed list can be counted and filtered. Free spellings cannot.",
        bad: r#"{"absent": {"authors": "unknown"}, "fetch": {"status": 42}}"#,
        good: r#"{"absent": {"authors": "not_in_dump"}, "fetch": {"status": 200}}"#,
    }
    ID_FORM = "id-form", Error, "id-form" {
        summary: "An id has the wrong form.",
        what: "An id starts with a letter or digit, followed by up to 127 letters, digits, `.`, `_`, `~` \
            or `-`, all ASCII.",
        why: "Ids are used in file names, URLs and the lines of entries.txt. There, spaces and slashes \
            have another meaning, and other scripts have several spellings.",
        bad: r#"{"id": "news/2022 №7"}"#,
        good: r#"{"id": "news-2022-7"}"#,
    }
    URL_INVALID = "url-invalid", Error, "record-url" {
        summary: "A URL is not an absolute http or https URL.",
        what: "Every URL in a record is absolute, has the scheme http or https, and has a host.",
        why: "A relative URL means nothing outside the page it was on.",
        bad: r#"{"source": {"url": "/2022/rain.html"}}"#,
        good: r#"{"source": {"url": "https://example.com/2022/rain.html"}}"#,
    }
    TIME_FORM = "time-form", Error, "time-form" {
        summary: "A time has the wrong form.",
        what: "A time is in ISO 8601, as precise as it is known: `2022`, `2022-02`, `2022-02-11`, \
            `2022-02-11T14:55Z`, `2022-02-11T14:55:00.123+03:00`. `T` and `Z` are upper case, and a zero \
            offset is written `Z`. If the time zone is unknown, leave it out.",
        why: "Each time has one spelling, so that records can be compared and hashed. Padding a day to \
            midnight would invent a time.",
        bad: r#"{"article": {"published": "11.02.2022 14:55"}}"#,
        good: r#"{"article": {"published": "2022-02-11T14:55"}}"#,
    }
    TIME_CALENDAR = "time-calendar", Error, "time-calendar" {
        summary: "A time names a day or hour that does not exist.",
        what: "The day exists in the Gregorian calendar, the hour is 00 to 23, and minutes and seconds \
            are 00 to 59.",
        why: "Such a value comes from a faulty conversion. Often the day and the month are swapped.",
        bad: r#"{"article": {"published": "2022-02-30"}}"#,
        good: r#"{"article": {"published": "2022-02-28"}}"#,
    }
}
