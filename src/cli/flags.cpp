// SPDX-License-Identifier: Apache-2.0
// cli: the rows of the table of flags, in the order of FlagId.
#include "cli/flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace weir::cli {
namespace {

constexpr std::string_view kWhen[] = {"auto", "always", "never"};
constexpr std::string_view kMeasures[] = {"bytes", "packets", "flows"};
constexpr std::string_view kOutputKinds[] = {"table",  "csv",     "tsv",    "json",
                                             "ndjson", "flowlog", "parquet"};
constexpr std::string_view kPartitions[] = {"day", "hour", "account-id"};
constexpr std::string_view kShapes[] = {"rules", "aws-cli", "security-groups", "terraform"};
constexpr std::string_view kZones[] = {"utc", "local"};
constexpr std::string_view kSynthFields[] = {"v2", "v3", "v4",  "v5",  "v7",
                                             "v8", "v9", "v10", "v11", "all"};

constexpr std::string_view kWhereMore =
    "Fields are written as AWS names them, or in the words of tcpdump: 'action = REJECT and "
    "dstport in (22, 3389)' and 'rejected and dst port 22' are both right. `weir check --where "
    "EXPR` checks an expression alone.";

constexpr Flag kFlags[] = {
    {FlagId::where, 'w', "where", "EXPR",
     "only records that match, e.g. 'rejected and dst port 22'", kWhereMore, ValueKind::text,
     Repeat::all, &Options::where},
    {FlagId::where_pairs, 'w', "where", "EXPR",
     "only conversations with a record that matches, e.g. 'rejected and dst port 22'", kWhereMore,
     ValueKind::text, Repeat::all, &Options::where},
    {FlagId::where_suggest, 'w', "where", "EXPR",
     "only rules for records that match, e.g. 'dst port 5432'", kWhereMore, ValueKind::text,
     Repeat::all, &Options::where},
    {FlagId::since, 0, "since", "T",
     "only records that start at T or later: Unix seconds, 2026-11-22T10:00:00Z, 2h, yesterday",
     "A length of time such as 2h or 7d is an age. A time without a zone is one of --tz.",
     ValueKind::text, Repeat::once, &Options::since},
    {FlagId::until, 0, "until", "T", "only records that start before T; same forms as --since", "",
     ValueKind::text, Repeat::once, &Options::until},
    {FlagId::limit, 'n', "limit", "N", "at most N records, groups or rows (0 = all)",
     "Tables for people are short unless -n says otherwise: 10 groups of top, for example.",
     ValueKind::text, Repeat::last, &Options::limit},
    {FlagId::limit_sql, 'n', "limit", "N", "at most N rows (tables: 1000 by default; 0 = all)", "",
     ValueKind::text, Repeat::last, &Options::limit},
    {FlagId::limit_report, 'n', "limit", "N", "at most N rows (tables: 20 by default; 0 = all)", "",
     ValueKind::text, Repeat::last, &Options::limit},
    {FlagId::by, 0, "by", "MEASURE",
     "rank by bytes (default; flows if the log has no bytes), packets or flows", "",
     ValueKind::choice, Repeat::last, &Options::by, kMeasures},
    {FlagId::count, 0, "count", "",
     "count records only, without summing packets and bytes (faster)",
     "Records that stand for a window and not for traffic (NODATA, SKIPDATA) count too; without "
     "--count they are no flows and are left out, unless log-status is among the fields.",
     ValueKind::none, Repeat::last, &Options::count},
    {FlagId::every, 0, "every", "T", "cut time fields into steps of T: 30s, 5m, 1h, 1d",
     "One of the FIELDS has to be a time, such as start.", ValueKind::text, Repeat::last,
     &Options::every},
    {FlagId::every_timeline, 0, "every", "T", "length of a step of time: 30s, 5m, 1h, 1d",
     "Steps begin at full multiples of T in the time zone of --tz. Default: 5m.", ValueKind::text,
     Repeat::last, &Options::every},
    {FlagId::split, 0, "split", "FIELD", "one row per value of FIELD in each step of time", "",
     ValueKind::field, Repeat::once, &Options::split},
    {FlagId::dedup, 0, "dedup", "",
     "count each packet once, even if several interfaces, NAT hops or flow logs recorded it", "",
     ValueKind::none, Repeat::last, &Options::dedup},
    {FlagId::each, 0, "each", "", "explain each record on its own instead of in groups", "",
     ValueKind::none, Repeat::last, &Options::each},
    {FlagId::grouped, 0, "grouped", "",
     "one row per group instead of one row per record, for programs (-o csv, ndjson, ...)", "",
     ValueKind::none, Repeat::last, &Options::grouped},
    {FlagId::config, 0, "config", "DIR|FILE",
     "the configuration, as `aws ec2 describe-security-groups`, `describe-network-acls` and the "
     "like printed it",
     "Files are recognised by their content, whatever their names. `weir check --config DIR` "
     "lists what they hold, and which commands would tell more.",
     ValueKind::file, Repeat::every, &Options::config},
    {FlagId::proposed, 0, "proposed", "DIR|FILE",
     "the changed configuration, or only the parts of it that change",
     "What it lacks is taken from --config.", ValueKind::file, Repeat::every, &Options::proposed},
    {FlagId::guard, 0, "guard", "",
     "exit with status 3 if any conversation would be cut ('possibly cut' does not count)", "",
     ValueKind::none, Repeat::last, &Options::guard},
    {FlagId::findings, 0, "findings", "",
     "only rules with findings (unused, shadowed, wider than used, ...)", "", ValueKind::none,
     Repeat::last, &Options::findings},
    {FlagId::guess, 0, "guess", "",
     "for logs without a header in an order that weir does not know: propose a --format, with how "
     "sure each column is",
     "Looks at the first lines of the inputs and tells for each column which field its values fit, "
     "why, and which other fields they fit as well. Nothing is read with the proposal until it is "
     "given to --format.",
     ValueKind::none, Repeat::last, &Options::guess},
    {FlagId::as, 0, "as", "SHAPE",
     "rules (default; -o says how), aws-cli (commands), security-groups (JSON as "
     "describe-security-groups prints it, for `weir whatif --proposed`) or terraform",
     "", ValueKind::choice, Repeat::once, &Options::as, kShapes},
    {FlagId::interface, 0, "interface", "ENI", "only for this network interface", "",
     ValueKind::text, Repeat::once, &Options::interface},
    {FlagId::group, 0, "group", "SG", "only for the interfaces of this security group", "",
     ValueKind::text, Repeat::once, &Options::group},
    {FlagId::max_rules, 0, "max-rules", "N",
     "at most N rules per group and direction, IPv4 and IPv6 counted apart (default: 60, AWS's "
     "quota)",
     "", ValueKind::text, Repeat::last, &Options::max_rules},
    {FlagId::widen, 0, "widen", "LENGTH",
     "if a group needs more than --max-rules rules, merge peers into wider prefixes, at most "
     "/LENGTH wide (24, or 24,64 for IPv4,IPv6); default: never",
     "No prefix becomes wider than it has to. A LENGTH of 0 may end in 0.0.0.0/0.", ValueKind::text,
     Repeat::last, &Options::widen},
    {FlagId::force, 0, "force", "",
     "write --as aws-cli, security-groups or terraform even if a group gets more than --max-rules "
     "rules, which AWS refuses",
     "", ValueKind::none, Repeat::last, &Options::force},
    {FlagId::file, 'f', "file", "FILE", "read the query from FILE", "", ValueKind::file,
     Repeat::once, &Options::file},
    {FlagId::table, 0, "table", "NAME=INPUT", "read INPUT as one more table", "", ValueKind::file,
     Repeat::every, &Options::table},
    {FlagId::safe, 0, "safe", "",
     "refuse statements that change anything or reach other files, for SQL that you did not write",
     "", ValueKind::none, Repeat::last, &Options::safe},
    {FlagId::set, 0, "set", "NAME=VALUE", "set a parameter of the report, e.g. --set port=22",
     "`weir report -o ndjson` lists the parameters of each report.", ValueKind::text, Repeat::every,
     &Options::set},
    {FlagId::sql, 0, "sql", "",
     "print the SQL of the report, to adapt it and run it with `weir sql -f FILE`", "",
     ValueKind::none, Repeat::last, &Options::sql},
    {FlagId::prices, 0, "prices", "FILE",
     "prices to use: CSV lines such as nat-gateway-processing,us-east-1,0.045,10^9,2026-08,URL "
     "below item,region,usd_per_gb,gb,date,source",
     "", ValueKind::file, Repeat::once, &Options::prices},
    {FlagId::output, 'o', "output", "KIND[:FILE]",
     "table, csv, tsv, json, ndjson, flowlog or parquet; a FILE that ends in .gz or .zst is "
     "compressed",
     "Default: table on a terminal, tsv otherwise. A FILE gets its name when it is complete.",
     ValueKind::output, Repeat::once, &Options::output, kOutputKinds},
    {FlagId::fields, 0, "fields", "LIST",
     "write these fields, in this order: srcaddr,dstaddr,bytes", "", ValueKind::fields,
     Repeat::once, &Options::fields},
    {FlagId::partition, 0, "partition", "LEVEL",
     "write Parquet in folders as AWS lays them out, by day, hour or account-id; FILE is their "
     "directory",
     "", ValueKind::choice, Repeat::once, &Options::partition, kPartitions},
    {FlagId::format, 0, "format", "F",
     "fields of lines without a header: '${version} ${srcaddr} ...', or a file that "
     "`aws ec2 describe-flow-logs` printed",
     "Only needed for custom formats that weir cannot recognise, which it says.", ValueKind::file,
     Repeat::once, &Options::format},
    {FlagId::strict, 0, "strict", "", "stop at the first malformed line, with status 2", "",
     ValueKind::none, Repeat::last, &Options::strict},
    {FlagId::rejects, 0, "rejects", "FILE",
     "write every skipped line to FILE, as NDJSON with place and reason", "", ValueKind::file,
     Repeat::once, &Options::rejects},
    {FlagId::memory, 0, "memory", "SIZE",
     "keep at most SIZE (500M, 2Gi) in memory, the rest in temporary files (default: 60 % of the "
     "machine's memory)",
     "", ValueKind::text, Repeat::last, &Options::memory},
    {FlagId::temp_dir, 0, "temp-dir", "DIR",
     "put temporary files into DIR (default: $TMPDIR or /tmp)", "", ValueKind::directory,
     Repeat::last, &Options::temp_dir},
    {FlagId::threads, 0, "threads", "N", "use at most N threads (default: one per CPU)", "",
     ValueKind::text, Repeat::last, &Options::threads},
    {FlagId::tz, 0, "tz", "ZONE",
     "show and read times in this zone: utc (default), local, Europe/Berlin, +02:00; csv, tsv and "
     "JSON then have times with its offset",
     "Without --tz, records for programs have Unix seconds and answers for programs ISO 8601 in "
     "UTC, "
     "whatever the machine is set to. local is the zone of $TZ, else of the machine. Flow-log text "
     "and Parquet have Unix seconds in any case.",
     ValueKind::suggestion, Repeat::last, &Options::tz, kZones},
    {FlagId::color, 0, "color", "WHEN",
     "colour the output: auto (default; only on a terminal), always or never",
     "NO_COLOR and CLICOLOR_FORCE decide for auto.", ValueKind::choice, Repeat::last,
     &Options::color, kWhen},
    {FlagId::progress, 0, "progress", "WHEN",
     "show what is being done, how far it is and how long it will take on standard error: auto "
     "(default; on a terminal, after a second), always or never",
     "", ValueKind::choice, Repeat::last, &Options::progress, kWhen},
    {FlagId::quiet, 'q', "quiet", "", "print no summary and no warnings", "", ValueKind::none,
     Repeat::last, &Options::quiet},
    {FlagId::verbose, 'v', "verbose", "", "print more detail", "", ValueKind::none, Repeat::last,
     &Options::verbose},
    {FlagId::seed, 0, "seed", "N", "random seed: the same seed writes the same log (default 1)", "",
     ValueKind::text, Repeat::last, &Options::seed},
    {FlagId::size, 0, "size", "BYTES",
     "write this much text, counted before compression: 500K, 64MiB, 1GB",
     "The log ends with the last record that fits.", ValueKind::text, Repeat::last, &Options::size},
    {FlagId::records, 0, "records", "N", "write N records (default 1000 without --size)", "",
     ValueKind::text, Repeat::last, &Options::records},
    {FlagId::fields_synth, 0, "fields", "FORMAT",
     "fields of a record: v2 (default), v3, v4, v5, v7 to v11, all, or a list: '${srcaddr} "
     "${dstaddr} ...'",
     "", ValueKind::suggestion, Repeat::once, &Options::fields, kSynthFields},
    {FlagId::output_synth, 'o', "output", "FILE",
     "write to FILE, compressed if it ends in .gz or .zst; - is standard output; DIRECTORY/ gets "
     "objects as AWS lays them out",
     "", ValueKind::file, Repeat::once, &Options::output},
    {FlagId::objects, 0, "objects", "N", "number of objects in a directory (default 24)", "",
     ValueKind::text, Repeat::last, &Options::objects},
    {FlagId::plain, 0, "plain", "", "write the objects of a directory as text, not gzip", "",
     ValueKind::none, Repeat::last, &Options::plain},
    {FlagId::day, 0, "day", "DATE", "day of the records (default 2025-12-01)", "", ValueKind::text,
     Repeat::last, &Options::day},
    {FlagId::config_synth, 0, "config", "DIRECTORY",
     "also write the configuration of the networks, as `aws ec2 describe-...` prints it; every "
     "verdict of the log then follows from it",
     "", ValueKind::directory, Repeat::once, &Options::config_directory},
    {FlagId::interfaces, 0, "interfaces", "N",
     "approximate number of network interfaces (default 1280)", "", ValueKind::text, Repeat::last,
     &Options::interfaces},
};

/// Row i is that of the i-th FlagId, which flag_of() counts on.
constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < std::size(kFlags); ++i) {
    if (kFlags[i].id != static_cast<FlagId>(i)) return false;
  }
  return static_cast<std::size_t>(FlagId::interfaces) + 1 == std::size(kFlags);
}
static_assert(rows_are_in_order());

}  // namespace

std::span<const Flag> flags() { return kFlags; }

const Flag& flag_of(FlagId id) { return kFlags[static_cast<std::size_t>(id)]; }

std::string words_of(std::span<const std::string_view> choices) {
  if (choices.empty()) return {};
  if (choices.size() == 1) return std::string(choices.front());
  return fmt::format("{} or {}", fmt::join(choices.first(choices.size() - 1), ", "),
                     choices.back());
}

std::string help_of(const Flag& flag) {
  switch (flag.repeat) {
    case Repeat::every:
      return fmt::format("{}; may be given several times", flag.help);
    case Repeat::all:
      return fmt::format("{}; several must all match", flag.help);
    case Repeat::last:
    case Repeat::once:
      break;
  }
  return std::string(flag.help);
}

std::string repeated_flags_text() {
  const auto names = [](Repeat repeat) {
    std::vector<std::string> found;
    for (const Flag& flag : kFlags) {
      std::string name = fmt::format("--{}", flag.name);
      const bool is_listed = std::find(found.begin(), found.end(), name) != found.end();
      if (flag.repeat == repeat && !is_listed) found.push_back(std::move(name));
    }
    return found;
  };
  return fmt::format(
      "A flag may be given twice. Several {} mean that all of them have to match. Of {} every "
      "value counts. To {} two different values are an error, since they say what is asked or "
      "where the answer goes. Of all other flags the last one counts. An empty value is an error.",
      fmt::join(names(Repeat::all), ", "), fmt::join(names(Repeat::every), ", "),
      fmt::join(names(Repeat::once), ", "));
}

}  // namespace weir::cli
