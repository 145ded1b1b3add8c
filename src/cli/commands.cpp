// SPDX-License-Identifier: Apache-2.0
// cli: the rows of the table of verbs, and which groups of flags each one takes.
#include "cli/commands.hpp"

#include <algorithm>
#include <iterator>

#include "cli/verbs.hpp"

namespace weir::cli {
namespace {

// ---- groups of flags that many verbs take ----

constexpr std::string_view kSelecting = "Select records";
constexpr std::string_view kRunning = "Other";

constexpr FlagId kSelectIds[] = {FlagId::where, FlagId::since, FlagId::until, FlagId::limit};
constexpr FlagGroup kSelect = {kSelecting, kSelectIds};

constexpr FlagId kOutputIds[] = {FlagId::output, FlagId::tz, FlagId::color};
constexpr FlagGroup kOutput = {"Output", kOutputIds};

constexpr FlagId kRecordOutputIds[] = {FlagId::output, FlagId::fields, FlagId::tz, FlagId::color};
constexpr FlagGroup kRecordOutput = {"Output", kRecordOutputIds};

constexpr FlagId kInputIds[] = {FlagId::format, FlagId::strict, FlagId::rejects};
constexpr FlagGroup kInput = {"Input", kInputIds};

constexpr FlagId kMemoryIds[] = {FlagId::memory, FlagId::temp_dir};
constexpr FlagGroup kMemory = {kRunning, kMemoryIds};

constexpr FlagId kRunIds[] = {FlagId::threads, FlagId::progress, FlagId::quiet};
constexpr FlagGroup kRun = {kRunning, kRunIds};

constexpr FlagId kVerboseIds[] = {FlagId::verbose};
constexpr FlagGroup kVerbose = {kRunning, kVerboseIds};

// ---- what each verb takes ----

constexpr FlagGroup kReadGroups[] = {kSelect, kRecordOutput, kInput, kRun, kVerbose};

constexpr FlagGroup kExplainGroups[] = {kSelect, kOutput, kInput, kRun, kVerbose};

constexpr FlagId kTopIds[] = {FlagId::by, FlagId::count, FlagId::every};
constexpr FlagGroup kTopGroups[] = {
    {"Group and rank", kTopIds}, kSelect, kOutput, kInput, kMemory, kRun, kVerbose};

constexpr FlagId kTimelineIds[] = {FlagId::every_timeline, FlagId::split, FlagId::by,
                                   FlagId::count};
constexpr FlagGroup kTimelineGroups[] = {
    {"Group by time", kTimelineIds}, kSelect, kOutput, kInput, kMemory, kRun, kVerbose};

constexpr FlagId kPairsIds[] = {FlagId::by, FlagId::dedup, FlagId::config};
constexpr FlagId kPairsSelectIds[] = {FlagId::where_pairs, FlagId::since, FlagId::until,
                                      FlagId::limit};
constexpr FlagGroup kPairsGroups[] = {{"Rank and join", kPairsIds},
                                      {"Select conversations", kPairsSelectIds},
                                      kOutput,
                                      kInput,
                                      kMemory,
                                      kRun,
                                      kVerbose};

constexpr FlagId kWhyIds[] = {FlagId::config, FlagId::each, FlagId::grouped};
constexpr FlagGroup kWhyGroups[] = {
    {"Explain", kWhyIds}, kSelect, kOutput, kInput, kMemory, kRun, kVerbose};

constexpr FlagId kRulesIds[] = {FlagId::config, FlagId::findings};
constexpr FlagId kUnlimitedIds[] = {FlagId::where, FlagId::since, FlagId::until};
constexpr FlagGroup kUnlimited = {kSelecting, kUnlimitedIds};
constexpr FlagGroup kRulesGroups[] = {
    {"Rules", kRulesIds}, kUnlimited, kOutput, kInput, kMemory, kRun, kVerbose};

constexpr FlagId kSuggestIds[] = {FlagId::config,    FlagId::interface, FlagId::group, FlagId::as,
                                  FlagId::max_rules, FlagId::widen,     FlagId::force};
constexpr FlagId kSuggestSelectIds[] = {FlagId::where_suggest, FlagId::since, FlagId::until};
constexpr FlagGroup kSuggestGroups[] = {{"Rules", kSuggestIds},
                                        {kSelecting, kSuggestSelectIds},
                                        kOutput,
                                        kInput,
                                        kMemory,
                                        kRun,
                                        kVerbose};

constexpr FlagId kWhatifIds[] = {FlagId::config, FlagId::proposed, FlagId::guard};
constexpr FlagGroup kWhatifGroups[] = {
    {"Configurations", kWhatifIds}, kSelect, kOutput, kInput, kMemory, kRun, kVerbose};

constexpr FlagId kCheckIds[] = {FlagId::config, FlagId::guess};
constexpr FlagGroup kCheckGroups[] = {
    {"Check a configuration", kCheckIds}, kSelect, kOutput, kInput, kRun, kVerbose};

constexpr FlagId kSqlIds[] = {FlagId::file, FlagId::table, FlagId::safe};
constexpr FlagId kSqlSelectIds[] = {FlagId::where, FlagId::since, FlagId::until, FlagId::limit_sql};
constexpr FlagGroup kSqlGroups[] = {
    {"Query", kSqlIds}, {kSelecting, kSqlSelectIds}, kOutput, kInput, kMemory, kRun};

constexpr FlagId kReportIds[] = {FlagId::set, FlagId::sql, FlagId::prices};
constexpr FlagId kReportSelectIds[] = {FlagId::where, FlagId::since, FlagId::until,
                                       FlagId::limit_report};
constexpr FlagGroup kReportGroups[] = {
    {"Report", kReportIds}, {kSelecting, kReportSelectIds}, kOutput, kInput, kMemory, kRun};

constexpr FlagId kFieldsIds[] = {FlagId::output, FlagId::color};
constexpr FlagId kQuietIds[] = {FlagId::quiet};
constexpr FlagGroup kQuiet = {kRunning, kQuietIds};
constexpr FlagGroup kFieldsGroups[] = {{"Output", kFieldsIds}, kQuiet, kVerbose};

constexpr FlagId kConvertIds[] = {FlagId::output, FlagId::fields, FlagId::partition, FlagId::tz,
                                  FlagId::color};
constexpr FlagGroup kConvertGroups[] = {
    {"Output", kConvertIds}, kSelect, kInput, kMemory, kRun, kVerbose};

constexpr FlagId kSynthIds[] = {FlagId::seed, FlagId::size,         FlagId::records,
                                FlagId::day,  FlagId::fields_synth, FlagId::interfaces};
constexpr FlagId kSynthOutputIds[] = {FlagId::output_synth, FlagId::objects, FlagId::plain,
                                      FlagId::config_synth};
constexpr FlagId kSynthRunIds[] = {FlagId::progress, FlagId::quiet};
constexpr FlagGroup kSynthGroups[] = {
    {"Content", kSynthIds}, {"Output", kSynthOutputIds}, {kRunning, kSynthRunIds}};

constexpr Verb kVerbs[] = {
    {"read",
     "[INPUT...]",
     "Show records, filtered and in any output format",
     Arguments::inputs,
     kReadGroups,
     {{{"weir read -n 20 flow-logs/", "the first 20 records below a directory"},
       {"weir read -w 'rejected and dst port 22' flow-logs/*.gz", "every rejected SSH attempt"},
       {"aws logs tail vpc | weir read -o ndjson", "records of CloudWatch Logs as JSON lines"}}},
     run_read},
    {"explain",
     "[INPUT... | RECORD]",
     "Explain records in plain words",
     Arguments::inputs,
     kExplainGroups,
     {{{"weir explain '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 "
        "20 4249 1418530010 1418530070 ACCEPT OK'",
        "one record in a sentence"},
       {"weir explain -n 5 -w rejected flow-logs/", "the first five rejected records in words"},
       {"weir explain -v -n 1 flow-logs/", "one record, field by field"}}},
     run_explain},
    {"top",
     "FIELDS [INPUT...]",
     "Rank the largest talkers, ports or values of any fields",
     Arguments::fields_and_inputs,
     kTopGroups,
     {{{"weir top srcaddr --by bytes flow-logs/", "the ten sources that sent most"},
       {"weir top start,dstport --every 5m -w rejected flow-logs/",
        "the five minutes and ports with most rejected traffic"},
       {"weir top interface-id,log-status -n 0 flow-logs/",
        "number of records per interface and status"}}},
     run_top},
    {"timeline",
     "[INPUT...]",
     "Show traffic over time",
     Arguments::inputs,
     kTimelineGroups,
     {{{"weir timeline --every 5m flow-logs/", "bytes in steps of five minutes"},
       {"weir timeline --every 1h --split action --by flows flow-logs/",
        "accepted and rejected records per hour"},
       {"weir timeline --since 2026-11-20 --until 2026-11-21 -o csv flow-logs/",
        "one day as CSV"}}},
     run_timeline},
    {"pairs",
     "[INPUT...]",
     "Show both directions of each conversation",
     Arguments::inputs,
     kPairsGroups,
     {{{"weir pairs flow-logs/", "the ten conversations with most bytes, both ways"},
       {"weir pairs -w 'rejected' --by flows flow-logs/",
        "conversations with at least one rejected record"},
       {"weir pairs --dedup -n 0 -o ndjson flow-logs/",
        "all of them as JSON lines, each packet counted once"}}},
     run_pairs},
    {"why",
     "[INPUT...]",
     "Explain why traffic was accepted or rejected",
     Arguments::inputs,
     kWhyGroups,
     {{{"weir why -w rejected flow-logs/",
        "what stopped each rejected record, as far as the log proves it"},
       {"weir why -w rejected --config network/ flow-logs/",
        "the same with the rule, from what `aws ec2 describe-...` printed"},
       {"weir why -v --each -n 1 -w 'dst port 22' --config network/ flow-logs/",
        "one record, with every rule that was looked at"}}},
     run_why},
    {"rules",
     "--config DIR [INPUT...]",
     "Show what each security-group and network-ACL rule did",
     Arguments::inputs,
     kRulesGroups,
     {{{"weir rules --config network/ flow-logs/", "traffic of each rule, and findings about it"},
       {"weir rules --config network/ --findings flow-logs/",
        "rules that are unused, wider than their use, shadowed or duplicates"},
       {"weir rules --config network/ -o ndjson logs/ | jq 'select(.sole_flows == 0)'",
        "rules that no traffic needs, since others allow it too"}}},
     run_rules},
    {"suggest",
     "[INPUT...]",
     "Suggest the narrowest rules for the accepted traffic",
     Arguments::inputs,
     kSuggestGroups,
     {{{"weir suggest --interface eni-0a1b2c3d flow-logs/",
        "one rule per port and peer that was accepted there"},
       {"weir suggest --config network/ --group sg-0a1b2c3d --as terraform flow-logs/",
        "peers by their groups, as resources of Terraform"},
       {"weir suggest --config network/ --as security-groups flow-logs/ > new.json",
        "for every group, to be tried with `weir whatif --proposed new.json`"}}},
     run_suggest},
    {"whatif",
     "--config NOW --proposed DIR [INPUT...]",
     "Show what a changed configuration would cut or admit",
     Arguments::inputs,
     kWhatifGroups,
     {{{"weir whatif --config network/ --proposed change/ flow-logs/",
        "the conversations that a change cuts or admits, largest first"},
       {"weir whatif --config network/ --proposed change/ --guard -q flow-logs/",
        "exit status 3 if anything is cut, for a pipeline"},
       {"weir whatif --proposed network/ flow-logs/",
        "what the log accepted and this configuration would not"}}},
     run_whatif},
    {"check",
     "[INPUT...]",
     "Check logs for damage, gaps and duplicates",
     Arguments::inputs,
     kCheckGroups,
     {{{"weir check flow-logs/", "input files, formats, malformed lines, gaps, duplicates"},
       {"weir check --guess no-header.log", "propose a --format for lines in an unknown order"},
       {"weir check --where 'rejected and dst port 22'", "check a filter expression only"}}},
     run_check},
    {"sql",
     "[QUERY] [INPUT...]",
     "Query logs in SQL, as the table flows",
     Arguments::query_and_inputs,
     kSqlGroups,
     {{{"weir sql 'SELECT dstport, count(*) FROM flows GROUP BY 1' flow-logs/",
        "number of records per port"},
       {"weir sql flow-logs/", "a prompt; .help lists its commands"},
       {"weir sql -f report.sql --table before=old-logs/ --table after=new-logs/ -o csv",
        "a query in a file over two tables, as CSV"}}},
     run_sql},
    {"report",
     "[NAME] [INPUT...]",
     "Answer saved questions about cost, security and operation",
     Arguments::report_and_inputs,
     kReportGroups,
     {{{"weir report", "list the reports, by topic"},
       {"weir report port-scans --set targets=50 --since 24h flow-logs/",
        "who tried fifty hosts and ports or more since yesterday"},
       {"weir report nat-senders --sql > nat.sql; weir sql -f nat.sql flow-logs/",
        "the SQL of a report, to adapt"}}},
     run_report},
    {"fields",
     "[FIELD...]",
     "Describe the fields of flow logs",
     Arguments::field_names,
     kFieldsGroups,
     {{{"weir fields", "every field of every version"},
       {"weir fields tcp-flags traffic-path", "two fields in full"},
       {"weir fields -v", "every field in full"}}},
     run_fields},
    {"convert",
     "-o KIND:FILE [INPUT...]",
     "Write records to a file in another format, such as Parquet",
     Arguments::inputs,
     kConvertGroups,
     {{{"weir convert -o parquet:flows.parquet flow-logs/", "one Parquet file, sorted by time"},
       {"weir convert -o flowlog:web.log.gz --fields srcaddr,dstaddr,bytes flow-logs/",
        "flow-log text with three fields"},
       {"weir convert --partition day -o parquet:archive/ flow-logs/",
        "Parquet in folders as AWS lays them out, for Athena and the like"}}},
     run_convert},
    {"synth",
     "",
     "Write realistic synthetic logs for tests and demos",
     Arguments::none,
     kSynthGroups,
     {{{"weir synth --records 20 --fields v5", "twenty records with every field of version 5"},
       {"weir synth --seed 7 --size 1GB -o flows.log.gz", "one gigabyte of text, compressed"},
       {"weir synth --size 1GiB --objects 2000 -o flow-logs/",
        "two thousand objects, laid out as AWS does on S3"}}},
     run_synth},
};

}  // namespace

bool Verb::has(FlagId id) const {
  return std::any_of(groups.begin(), groups.end(), [id](const FlagGroup& group) {
    return std::find(group.flags.begin(), group.flags.end(), id) != group.flags.end();
  });
}

std::span<const Verb> verbs() { return kVerbs; }

const Verb* find_verb(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kVerbs), std::end(kVerbs),
                                         [name](const Verb& verb) { return verb.name == name; });
  return found == std::end(kVerbs) ? nullptr : found;
}

}  // namespace weir::cli
