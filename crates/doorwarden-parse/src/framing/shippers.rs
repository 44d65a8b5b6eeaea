//! The programs that carry records as JSON, and how each is told from a program that writes its own log as JSON.
//!
//! Any web server may log a client's words as `message`, `log` or `agent`. A carrier is known by members that only it
//! writes, as objects or by names of its own, and only the member in which it keeps the record is opened.

/// Keys that lead to a value.
pub(super) type Path = &'static [&'static str];

/// What a carrier keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeps {
    /// A line as the device sent it, header and all.
    Whole,
    /// What is left behind a header where the members beside it name the program, else a whole line.
    Message,
    /// A line of `CloudWatch`, known by an id of more digits than any other number has.
    Numbered,
    /// A line of a system's log, which the member `logName` names.
    SystemLog,
}

/// A carrier.
#[derive(Debug)]
pub(super) struct Shipper {
    /// Where the record stands, as text or as an object; the most telling first.
    pub(super) records: &'static [Path],
    /// Each of these stands beside it,
    pub(super) all: &'static [Path],
    /// one of these, where there are any,
    pub(super) any: &'static [Path],
    /// and none of these.
    pub(super) none: &'static [Path],
    /// What it keeps.
    pub(super) keeps: Keeps,
}

/// What loggers inside programs write beside their message, which may be a client's words.
const LOGGERS: &[Path] = &[
    &["level"],
    &["levelname"],
    &["logger"],
    &["logger_name"],
    &["loggerName"],
    &["thread"],
    &["thread_name"],
    &["log.level"],
    &["log.logger"],
    &["log", "level"],
    &["log", "logger"],
    &["_logger"],
    &["_logger_name"],
    &["_thread"],
    &["_thread_name"],
    &["user_agent"],
    &["http_user_agent"],
    &["remote_addr"],
    &["request_uri"],
    &["request_method"],
];

/// What names a program, and the times that stand beside it.
const PROGRAMS: &[Path] = &[
    &["programname"],
    &["program"],
    &["PROGRAM"],
    &["appname"],
    &["app-name"],
    &["app_name"],
    &["ident"],
    &["syslogtag"],
    &["syslog-tag"],
];

const EMPTY: &[Path] = &[];

/// All carriers, the most telling first.
pub(super) static SHIPPERS: &[Shipper] = &[
    // Splunk and Cribl.
    Shipper {
        records: &[&["_raw"], &["result", "_raw"]],
        all: EMPTY,
        any: EMPTY,
        none: EMPTY,
        keeps: Keeps::Whole,
    },
    // ECS, of whatever program.
    Shipper {
        records: &[&["event", "original"]],
        all: EMPTY,
        any: &[&["@timestamp"], &["ecs", "version"], &["agent", "type"], &["tags"]],
        none: EMPTY,
        keeps: Keeps::Whole,
    },
    // Wazuh and OSSEC.
    Shipper {
        records: &[&["full_log"]],
        all: EMPTY,
        any: &[&["agent", "id"], &["manager", "name"], &["decoder", "name"], &["location"]],
        none: EMPTY,
        keeps: Keeps::Whole,
    },
    // NXLog.
    Shipper {
        records: &[&["raw_event"], &["Message"]],
        all: &[&["EventReceivedTime"], &["SourceModuleName"]],
        any: EMPTY,
        none: EMPTY,
        keeps: Keeps::Message,
    },
    // journald, and what takes entries out of it.
    Shipper {
        records: &[&["MESSAGE"]],
        all: EMPTY,
        any: &[
            &["__REALTIME_TIMESTAMP"],
            &["_SOURCE_REALTIME_TIMESTAMP"],
            &["SYSLOG_IDENTIFIER"],
            &["_COMM"],
            &["_BOOT_ID"],
        ],
        none: EMPTY,
        keeps: Keeps::Message,
    },
    // Beats and Elastic Agent.
    Shipper {
        records: &[&["message"]],
        all: &[&["@timestamp"]],
        any: &[
            &["agent", "type"],
            &["agent", "version"],
            &["agent", "ephemeral_id"],
            &["beat", "name"],
            &["beat", "hostname"],
            &["beat", "version"],
            &["@metadata", "beat"],
        ],
        none: LOGGERS,
        keeps: Keeps::Message,
    },
    // ECS where the header was taken off.
    Shipper {
        records: &[&["message"]],
        all: &[&["@timestamp"], &["process", "name"]],
        any: &[&["host", "name"], &["host", "hostname"]],
        none: LOGGERS,
        keeps: Keeps::Message,
    },
    // Logstash.
    Shipper {
        records: &[&["message"]],
        all: &[&["@timestamp"], &["@version"], &["host"]],
        any: EMPTY,
        none: LOGGERS,
        keeps: Keeps::Message,
    },
    // rsyslog, syslog-ng, Fluent Bit, Fluentd, Vector and all others that name the program beside its message.
    Shipper {
        records: &[&["message"], &["msg"], &["MESSAGE"]],
        all: EMPTY,
        any: PROGRAMS,
        none: LOGGERS,
        keeps: Keeps::Message,
    },
    // Vector.
    Shipper {
        records: &[&["message"]],
        all: &[&["source_type"], &["timestamp"]],
        any: EMPTY,
        none: LOGGERS,
        keeps: Keeps::Message,
    },
    // Docker, containerd, Fluent Bit and Fluentd.
    Shipper {
        records: &[&["log"]],
        all: EMPTY,
        any: &[&["stream"], &["container_id"], &["kubernetes", "pod_name"], &["date"]],
        none: LOGGERS,
        keeps: Keeps::Message,
    },
    // Azure Monitor: syslog, and files as rows.
    Shipper {
        records: &[&["SyslogMessage"], &["RawData"]],
        all: EMPTY,
        any: &[&["TimeGenerated"], &["EventTime"], &["Computer"], &["HostName"]],
        none: EMPTY,
        keeps: Keeps::Message,
    },
    // GELF and Graylog.
    Shipper {
        records: &[&["full_message"], &["short_message"]],
        all: &[&["host"]],
        any: &[&["version"], &["timestamp"]],
        none: &[&["_logger"], &["_logger_name"], &["_thread"], &["_thread_name"]],
        keeps: Keeps::Message,
    },
    Shipper {
        records: &[&["full_message"], &["message"]],
        all: EMPTY,
        any: &[&["gl2_source_input"], &["gl2_message_id"], &["gl2_remote_ip"]],
        none: EMPTY,
        keeps: Keeps::Message,
    },
    // CloudWatch: its interfaces, its queries, and the elements of what it streams.
    Shipper {
        records: &[&["message"]],
        all: EMPTY,
        any: &[&["logGroup"], &["logStream"], &["logStreamName"], &["ingestionTime"]],
        none: LOGGERS,
        keeps: Keeps::Message,
    },
    Shipper {
        records: &[&["@message"]],
        all: EMPTY,
        any: &[&["@logStream"], &["@log"], &["@ptr"], &["@timestamp"]],
        none: EMPTY,
        keeps: Keeps::Message,
    },
    Shipper {
        records: &[&["message"]],
        all: &[&["id"], &["timestamp"]],
        any: EMPTY,
        none: LOGGERS,
        keeps: Keeps::Numbered,
    },
    // Loki.
    Shipper {
        records: &[&["line"]],
        all: &[&["timestamp"], &["labels"]],
        any: EMPTY,
        none: EMPTY,
        keeps: Keeps::Message,
    },
    // Google Cloud.
    Shipper {
        records: &[&["textPayload"]],
        all: &[&["logName"]],
        any: EMPTY,
        none: EMPTY,
        keeps: Keeps::Message,
    },
    Shipper {
        records: &[&["jsonPayload", "message"]],
        all: &[&["logName"]],
        any: EMPTY,
        none: EMPTY,
        keeps: Keeps::SystemLog,
    },
    Shipper {
        records: &[&["jsonPayload"]],
        all: EMPTY,
        any: &[&["logName"], &["insertId"]],
        none: EMPTY,
        keeps: Keeps::Message,
    },
    // Splunk's collector of events, and what its search gives.
    Shipper {
        records: &[&["event"]],
        all: EMPTY,
        any: &[&["sourcetype"], &["index"]],
        none: LOGGERS,
        keeps: Keeps::Message,
    },
    Shipper {
        records: &[&["result"]],
        all: EMPTY,
        any: &[&["preview"], &["offset"], &["lastrow"]],
        none: LOGGERS,
        keeps: Keeps::Message,
    },
    // Elasticsearch and OpenSearch.
    Shipper {
        records: &[&["_source"]],
        all: EMPTY,
        any: &[&["_index"], &["_id"]],
        none: LOGGERS,
        keeps: Keeps::Message,
    },
    // Airbyte.
    Shipper {
        records: &[&["_airbyte_data"]],
        all: EMPTY,
        any: &[
            &["_airbyte_ab_id"],
            &["_airbyte_raw_id"],
            &["_airbyte_emitted_at"],
            &["_airbyte_extracted_at"],
        ],
        none: EMPTY,
        keeps: Keeps::Message,
    },
];
