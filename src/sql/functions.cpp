// SPDX-License-Identifier: Apache-2.0
// sql: what weir knows of addresses and numbers, as functions of SQL.
#include "sql/functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address_blocks.hpp"
#include "base/ip_text.hpp"
#include "duckdb/library.hpp"
#include "weir/ip.hpp"
#include "weir/names.hpp"

namespace weir::sql {
namespace {

using duckdb::Api;
using duckdb::Type;

/// The arguments of a call, a chunk of rows, and where the results go.
class Call {
 public:
  Call(const Api& api, duckdb::FunctionInfo info, duckdb::Chunk input, duckdb::Vector output)
      : api_(api),
        info_(info),
        input_(input),
        output_(output),
        rows_(api.data_chunk_get_size(input)) {
    arguments_.resize(api.data_chunk_get_column_count(input));
    for (duckdb::Index i = 0; i < arguments_.size(); ++i) {
      const duckdb::Vector vector = api.data_chunk_get_vector(input, i);
      arguments_[i] = {.data = api.vector_get_data(vector),
                       .valid = api.vector_get_validity(vector)};
    }
  }

  std::size_t rows() const { return rows_; }
  std::size_t argument_count() const { return arguments_.size(); }
  bool has_null(std::size_t row) const {
    return std::any_of(arguments_.begin(), arguments_.end(), [row](const Argument& argument) {
      return argument.valid != nullptr && (argument.valid[row / 64] >> (row % 64) & 1) == 0;
    });
  }
  std::string_view text(std::size_t argument, std::size_t row) const {
    return static_cast<const duckdb::String*>(arguments_[argument].data)[row].view();
  }
  std::int64_t number(std::size_t argument, std::size_t row) const {
    return static_cast<const std::int64_t*>(arguments_[argument].data)[row];
  }

  bool* booleans() const { return static_cast<bool*>(api_.vector_get_data(output_)); }
  void set_text(std::size_t row, std::string_view text) const {
    api_.vector_assign_string_element_len(output_, row, text.data(), text.size());
  }
  void set_null(std::size_t row) {
    api_.vector_ensure_validity_writable(output_);
    api_.vector_get_validity(output_)[row / 64] &= ~(std::uint64_t{1} << (row % 64));
  }
  /// The results are the argument itself, whose texts are not copied.
  void give_back(std::size_t argument) {
    api_.vector_reference_vector(output_, api_.data_chunk_get_vector(input_, argument));
  }
  void fail(const std::string& message) const {
    api_.scalar_function_set_error(info_, message.c_str());
  }

 private:
  struct Argument {
    const void* data = nullptr;
    const std::uint64_t* valid = nullptr;
  };

  const Api& api_;
  duckdb::FunctionInfo info_;
  duckdb::Chunk input_;
  duckdb::Vector output_;
  std::size_t rows_;
  std::vector<Argument> arguments_;
};

/// Remembers what a text was read as: neighbours often are the same.
template <class Value>
class LastRead {
 public:
  template <class Read>
  const std::optional<Value>& operator()(std::string_view text, Read read) {
    if (!is_set_ || text != text_) {
      text_ = text;
      value_ = read(text);
      is_set_ = true;
    }
    return value_;
  }

 private:
  bool is_set_ = false;
  std::string text_;
  std::optional<Value> value_;
};

std::string cidr_complaint(std::string_view text) {
  return fmt::format(
      "cidr_contains: '{}' is not a prefix; one looks like 10.0.0.0/8 or 2001:db8::/32, "
      "and comes first: cidr_contains('10.0.0.0/8', srcaddr)",
      text.substr(0, 64));
}

std::string address_complaint(std::string_view function, std::string_view text) {
  return fmt::format("{}: '{}' is not an address", function, text.substr(0, 64));
}

void call_cidr_contains(Call& call) {
  LastRead<Cidr> prefixes;
  LastRead<Ip> addresses;
  for (std::size_t row = 0; row < call.rows(); ++row) {
    if (call.has_null(row)) {
      call.set_null(row);
      continue;
    }
    const auto& prefix = prefixes(call.text(0, row), parse_cidr);
    if (!prefix) return call.fail(cidr_complaint(call.text(0, row)));
    const auto& address = addresses(call.text(1, row), parse_ip);
    if (!address) return call.fail(address_complaint("cidr_contains", call.text(1, row)));
    call.booleans()[row] = prefix->contains(*address);
  }
}

/// A question about one address.
template <bool (*Is)(const Ip&) noexcept>
void call_is(Call& call) {
  LastRead<Ip> addresses;
  for (std::size_t row = 0; row < call.rows(); ++row) {
    if (call.has_null(row)) {
      call.set_null(row);
      continue;
    }
    const auto& address = addresses(call.text(0, row), parse_ip);
    if (!address) {
      return call.fail(address_complaint(Is == base::is_private ? "is_private" : "is_public",
                                         call.text(0, row)));
    }
    call.booleans()[row] = Is(*address);
  }
}

/// Texts for numbers; an empty one is null.
template <class Name>
void call_name(Call& call, Name name) {
  for (std::size_t row = 0; row < call.rows(); ++row) {
    if (call.has_null(row) || call.number(0, row) < 0) {
      call.set_null(row);
      continue;
    }
    const std::string_view text = name(row, static_cast<std::uint64_t>(call.number(0, row)));
    text.empty() ? call.set_null(row) : call.set_text(row, text);
  }
}

void call_protocol_name(Call& call) {
  call_name(call, [](std::size_t, std::uint64_t number) { return protocol_keyword(number); });
}

void call_port_name(Call& call) {
  call_name(call, [&](std::size_t row, std::uint64_t port) {
    const std::int64_t protocol = call.argument_count() > 1 ? call.number(1, row) : 0;
    return protocol < 0 ? std::string_view()
                        : service_name(port, static_cast<std::uint64_t>(protocol));
  });
}

void call_tcp_flags_text(Call& call) {
  std::string text;
  call_name(call, [&](std::size_t, std::uint64_t flags) {
    text = tcp_flags_text(flags);
    return std::string_view(text);
  });
}

void call_traffic_path_text(Call& call) {
  call_name(call, [](std::size_t, std::uint64_t code) { return traffic_path_text(code); });
}

bool is_missing(std::string_view text) { return text.empty() || text == "-"; }

void call_true(Call& call) { std::fill_n(call.booleans(), call.rows(), true); }

bool is_canonical_address(std::string_view text) {
  if (base::is_ipv4_text(text)) return true;
  const std::optional<Ip> address = parse_ip(text);
  return address && to_string(*address) == text;
}

/// An address of a log as a column of a table has it: canonical, null where it is missing. Most
/// logs have no others, and their texts are not copied.
void call_logged_address(Call& call) {
  std::size_t row = 0;
  while (row < call.rows() && (call.has_null(row) || is_canonical_address(call.text(0, row)))) {
    ++row;
  }
  if (row == call.rows()) return call.give_back(0);
  for (row = 0; row < call.rows(); ++row) {
    if (call.has_null(row) || is_missing(call.text(0, row))) {
      call.set_null(row);
      continue;
    }
    const std::optional<Ip> address = parse_ip(call.text(0, row));
    if (!address) return call.fail(address_complaint(kAddressFunction, call.text(0, row)));
    call.set_text(row, to_string(*address));
  }
}

/// DuckDB calls one of these for each function: the kernel stands behind it.
template <void (*Kernel)(Call&)>
void run(duckdb::FunctionInfo info, duckdb::Chunk input, duckdb::Vector output) {
  Call call(**duckdb::load(), info, input, output);
  Kernel(call);
}

struct Overload {
  const char* name;
  std::vector<Type> parameters;
  Type result;
  duckdb::ScalarCallback callback;
  bool is_volatile = false;
};

Result<void> add(duckdb::Instance& instance, const char* name, std::span<const Overload> all) {
  const Api& api = instance.api();
  duckdb::ScalarFunctionSet set = api.create_scalar_function_set(name);
  for (const Overload& overload : all) {
    if (std::string_view(overload.name) != name) continue;
    duckdb::ScalarFunction function = api.create_scalar_function();
    api.scalar_function_set_name(function, name);
    const auto with_type = [&](Type id, auto use) {
      duckdb::LogicalType type = api.create_logical_type(id);
      use(function, type);
      api.destroy_logical_type(&type);
    };
    for (const Type parameter : overload.parameters) {
      with_type(parameter, api.scalar_function_add_parameter);
    }
    with_type(overload.result, api.scalar_function_set_return_type);
    api.scalar_function_set_function(function, overload.callback);
    if (overload.is_volatile) api.scalar_function_set_volatile(function);
    api.add_scalar_function_to_set(set, function);
    api.destroy_scalar_function(&function);
  }
  const duckdb::State done = api.register_scalar_function_set(instance.connection(), set);
  api.destroy_scalar_function_set(&set);
  if (done == duckdb::State::success) return {};
  return Unexpected({.code = ErrorCode::unsupported,
                     .message = fmt::format("DuckDB does not take the function {}", name)});
}

}  // namespace

Result<void> register_functions(duckdb::Instance& instance) {
  const Overload overloads[] = {
      {"cidr_contains", {Type::varchar, Type::varchar}, Type::boolean, run<call_cidr_contains>},
      {"is_private", {Type::varchar}, Type::boolean, run<call_is<base::is_private>>},
      {"is_public", {Type::varchar}, Type::boolean, run<call_is<base::is_public>>},
      {"protocol_name", {Type::bigint}, Type::varchar, run<call_protocol_name>},
      {"port_name", {Type::bigint}, Type::varchar, run<call_port_name>},
      {"port_name", {Type::bigint, Type::bigint}, Type::varchar, run<call_port_name>},
      {"tcp_flags_text", {Type::bigint}, Type::varchar, run<call_tcp_flags_text>},
      {"traffic_path_text", {Type::bigint}, Type::varchar, run<call_traffic_path_text>},
      {kAddressFunction, {Type::varchar}, Type::varchar, run<call_logged_address>},
      {kTrueFunction, {}, Type::boolean, run<call_true>, true},
  };
  const char* last = "";
  for (const Overload& overload : overloads) {
    if (std::string_view(overload.name) == last) continue;
    last = overload.name;
    if (Result<void> added = add(instance, last, overloads); !added) return added;
  }
  return {};
}

}  // namespace weir::sql
