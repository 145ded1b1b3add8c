// SPDX-License-Identifier: Apache-2.0
// synth: options -> objects, and where AWS would put them.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "base/hash.hpp"
#include "synth/configuration.hpp"
#include "synth/day_curve.hpp"
#include "synth/traffic.hpp"
#include "weir/synth.hpp"
#include "weir/time.hpp"

namespace weir {
namespace {

using synth::Account;
using synth::Amount;

/// Part `index` of `count` of an amount: the parts add up to it.
std::uint64_t part_of(std::uint64_t all, std::size_t index, std::size_t count) {
  const auto before = [&](std::size_t parts) {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(all) * parts / count);
  };
  return before(index + 1) - before(index);
}

/// `v2` to `v11`, or nothing.
std::optional<Format> version_format(std::string_view text) {
  if (text == "all") text = "v11";
  if (text == "v2") return Format::default_vpc();
  const std::string name = fmt::format("{}, table order", text);
  for (const NamedFormat& known : known_formats()) {
    if (known.name == name) return *known.format;
  }
  return std::nullopt;
}

Result<void> check_fields(const Format& format) {
  for (const FormatField& field : format.fields()) {
    if (field.id == FieldId::unknown) {
      return Unexpected(
          usage_error(fmt::format("no values are known for the field '{}'", field.name),
                      "`weir fields` lists every field"));
    }
    if (field_info(field.id).family == LogFamily::transit_gateway) {
      return Unexpected(usage_error(
          fmt::format("{} is a field of Transit Gateway flow logs; weir invents those of VPCs",
                      field.name),
          "`weir fields -o csv` tells which logs a field belongs to"));
    }
  }
  return {};
}

Result<void> make_directories(const std::string& path) {
  std::error_code failure;
  std::filesystem::create_directories(path, failure);
  if (!failure) return {};
  return Unexpected({.code = ErrorCode::unreadable,
                     .message = fmt::format("cannot be made: {}", failure.message()),
                     .where = path});
}

std::string_view ending_of(Packing packing) {
  switch (packing) {
    case Packing::gzip:
      return ".gz";
    case Packing::zstd:
      return ".zst";
    case Packing::none:
      break;
  }
  return "";
}

}  // namespace

Result<Format> parse_synth_format(std::string_view text) {
  if (std::optional<Format> version = version_format(text)) return *std::move(version);
  Result<Format> format = Format::parse(text);
  if (!format) {
    Error error = std::move(format.error());
    if (text.starts_with('v') && text.find_first_of(" ,\t$") == std::string_view::npos) {
      error.hint = "v2, v3, v4, v5, v7 to v11, all, or fields: srcaddr,dstaddr,bytes";
    }
    return Unexpected(std::move(error));
  }
  if (Result<void> known = check_fields(*format); !known) {
    return Unexpected(std::move(known.error()));
  }
  return format;
}

struct Synthesizer::State {
  explicit State(const SynthOptions& chosen)
      : options(chosen),
        header(chosen.format.header()),
        network(chosen.seed, chosen.interfaces),
        plan(chosen.format, network) {}

  std::size_t object_count() const { return std::max<std::size_t>(options.objects, 1); }
  bool by_account() const { return options.objects > 0; }

  /// Accounts take turns, each as often as its share of the traffic.
  std::uint32_t account_of(std::size_t object) const {
    // Steps of the golden ratio spread evenly.
    const std::uint64_t spread = base::scatter_high(object) >> 32;
    auto draw = static_cast<std::uint32_t>((spread * 100) >> 32);
    std::uint32_t account = 0;
    while (draw >= network.accounts()[account].share) draw -= network.accounts()[account++].share;
    return account;
  }
  /// When the traffic of an object begins, as a share of the day's in 2^-32.
  std::uint64_t begin_of(std::size_t object) const {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(object) << 32) /
                                      object_count());
  }
  Amount amount_of(std::size_t object) const {
    return {.bytes = part_of(options.bytes, object, object_count()),
            .records = part_of(options.records, object, object_count())};
  }

  SynthOptions options;
  std::string header;
  synth::Network network;
  synth::RecordPlan plan;
};

Result<Synthesizer> Synthesizer::create(const SynthOptions& options) {
  if (Result<void> known = check_fields(options.format); !known) {
    return Unexpected(std::move(known.error()));
  }
  if (options.interfaces < SynthOptions::kLeastInterfaces ||
      options.interfaces > SynthOptions::kMostInterfaces) {
    return Unexpected(usage_error(
        fmt::format("a company of {} interfaces cannot be invented", options.interfaces),
        fmt::format("ask for {} to {}", SynthOptions::kLeastInterfaces,
                    SynthOptions::kMostInterfaces)));
  }
  std::unique_ptr<const State> state = std::make_unique<State>(options);
  const std::size_t count = state->object_count();
  const bool by_bytes = options.bytes > 0;
  const std::uint64_t least =
      by_bytes ? state->header.size() + 1 + state->plan.max_line_bytes() : std::uint64_t{1};
  const std::uint64_t amount = by_bytes ? options.bytes : options.records;
  if (amount / count < least) {
    return Unexpected(usage_error(
        by_bytes ? fmt::format("an object needs {} bytes for its header and a record", least)
                 : std::string("an object needs a record"),
        fmt::format("ask for at least {} {}{}", least * count, by_bytes ? "bytes" : "records",
                    count > 1 ? ", or for fewer objects" : "")));
  }
  return Synthesizer(std::move(state));
}

Synthesizer::Synthesizer(std::unique_ptr<const State> state) : state_(std::move(state)) {}
Synthesizer::~Synthesizer() = default;
Synthesizer::Synthesizer(Synthesizer&& other) noexcept = default;
Synthesizer& Synthesizer::operator=(Synthesizer&& other) noexcept = default;

Result<SynthReport> Synthesizer::write(std::size_t object, ByteSink& sink) const {
  const State& state = *state_;
  synth::LogWriter writer(state.plan, sink, state.amount_of(object), state.options.progress);
  writer.write_header(state.header);
  std::optional<std::uint32_t> account;
  if (state.by_account()) account = state.account_of(object);
  synth::Traffic traffic(state.network, state.plan, writer,
                         synth::Random(state.options.seed, 16 + object), account,
                         state.options.obey_rules);
  const std::uint64_t begin = state.begin_of(object);
  const std::uint64_t share = state.begin_of(object + 1) - begin;
  while (!writer.is_full()) {
    // `share` has at most 33 bits.
    const auto passed = static_cast<std::uint64_t>(
        (static_cast<unsigned __int128>(share) * writer.progress()) >> 32);
    traffic.burst(state.options.day + synth::second_of_day(begin + passed));
  }
  if (Result<void> ended = writer.finish(); !ended) return Unexpected(std::move(ended.error()));
  return SynthReport{.records = writer.records(), .bytes = writer.bytes(), .objects = 1};
}

std::string Synthesizer::object_name(std::size_t object) const {
  // AWS VPC User Guide, "Flow log files": the name tells the five minutes in which it was made.
  const Account& account = state_->network.accounts()[state_->account_of(object)];
  const std::uint64_t end = state_->begin_of(object + 1) - 1;
  const std::int64_t second = state_->options.day + synth::second_of_day(end);
  const CivilTime time = civil_from_seconds(second - second % 300);
  // Multiplying by an odd number loses nothing: no two objects have the same hash.
  const auto hash = static_cast<std::uint32_t>(object * std::uint64_t{0x9e3779b1} +
                                               synth::scatter(state_->options.seed));
  return fmt::format(
      "AWSLogs/{0}/vpcflowlogs/{1}/{2:04}/{3:02}/{4:02}/"
      "{0}_vpcflowlogs_{1}_{7}_{2:04}{3:02}{4:02}T{5:02}{6:02}Z_{8:08x}.log",
      account.id, account.region, time.year, time.month, time.day, time.hour, time.minute,
      account.flow_log_id, hash);
}

Result<SynthReport> Synthesizer::write_directory(const std::string& directory,
                                                 Packing packing) const {
  SynthReport all;
  for (std::size_t object = 0; object < state_->object_count(); ++object) {
    std::string path = directory;
    if (!path.ends_with('/')) path += '/';
    path += object_name(object);
    path += ending_of(packing);
    if (Result<void> made = make_directories(path.substr(0, path.rfind('/'))); !made) {
      return Unexpected(std::move(made.error()));
    }
    Result<std::unique_ptr<ByteSink>> sink = open_sink(path, packing);
    if (!sink) return Unexpected(std::move(sink.error()));
    Result<SynthReport> written = write(object, **sink);
    if (!written) return written;
    if (Result<void> ended = (*sink)->finish(); !ended) return Unexpected(std::move(ended.error()));
    all.records += written->records;
    all.bytes += written->bytes;
    ++all.objects;
  }
  return all;
}

Result<SynthConfigurationReport> Synthesizer::write_configuration(
    const std::string& directory) const {
  SynthConfigurationReport report;
  for (const Account& account : state_->network.accounts()) {
    for (const synth::ConfigurationDocument& document : describe(state_->network, account)) {
      std::string path = directory;
      if (!path.ends_with('/')) path += '/';
      path += document.name;
      if (Result<void> made = make_directories(path.substr(0, path.rfind('/'))); !made) {
        return Unexpected(std::move(made.error()));
      }
      Result<std::unique_ptr<ByteSink>> sink = open_sink(path, Packing::none);
      if (!sink) return Unexpected(std::move(sink.error()));
      Result<void> ended = (*sink)->write(document.text);
      if (ended) ended = (*sink)->finish();
      if (!ended) return Unexpected(std::move(ended.error()));
      if (document.key == "NetworkInterfaces") report.interfaces += document.items;
      if (document.key == "SecurityGroups") report.groups += document.items;
      if (document.key == "NetworkAcls") report.acls += document.items;
      ++report.files;
    }
  }
  return report;
}

}  // namespace weir
