// SPDX-License-Identifier: Apache-2.0
// filter: tcpdump's shorthand, `dst port 22` -> the tests that it is short for.
#include <fmt/format.h>

#include "filter/parser.hpp"
#include "filter/shorthand.hpp"

namespace weir::filter {

ExpressionPtr FilterParser::parse_shorthand() {
  const FilterToken& token = peek();
  if (at_endpoint()) return parse_endpoint();
  if (take_word("proto")) return parse_protocol();
  if (ExpressionPtr word = expand_word(token.text)) {
    ++at_;
    // `tcp port 22`, as tcpdump writes it.
    const bool qualifies = is_protocol_word(token.text) && (at_endpoint() || is_word("proto"));
    if (!qualifies) return word;
    ExpressionPtr rest = take_word("proto") ? parse_protocol() : parse_endpoint();
    return rest == nullptr ? nullptr : all_of({std::move(word), std::move(rest)});
  }
  return fail_at_word(token);
}

bool FilterParser::at_endpoint() const {
  return is_word("src|dst|host|net|port|portrange|private|public");
}

ExpressionPtr FilterParser::parse_protocol() {
  ValueSetBuilder builder{ValuePlace(FieldRef(FieldId::protocol), "proto takes")};
  take_word("in");
  if (!parse_values(builder)) return nullptr;
  return make_expression(Expression::InSet{FieldRef(FieldId::protocol), builder.finish()});
}

ExpressionPtr FilterParser::parse_endpoint() {
  // Its long form has `and` and `or`, which may nest two levels deeper.
  if (!check_depth(peek(), depth_ + 2)) return nullptr;
  const bool source = is_word("src");
  const bool given = source || is_word("dst");
  bool both_ends = !given;
  bool joined_by_and = false;
  if (given) {
    ++at_;
    const bool either = is_word("or") || peek().kind == Kind::either;
    const bool both = is_word("and") || peek().kind == Kind::both;
    if ((either || both) && is_word(source ? "dst" : "src", 1)) {
      at_ += 2;
      both_ends = true;
      joined_by_and = both;
    }
  }
  const FilterToken& qualifier = peek();
  const bool ports = is_word("port|portrange");
  std::string subject = given ? (source ? "src" : "dst") : "host";
  if (ports || is_word("host|net")) {
    subject = qualifier.text;
    ++at_;
  } else if (peek().kind == Kind::word && !is_word("in|private|public") &&
             !starts_like_address(peek().text)) {
    return fail_expected(
        fmt::format("host, net, port, portrange, private, public or an address after {}", subject));
  }
  take_word("in");
  const FieldId fields[] = {ports ? FieldId::srcport : FieldId::srcaddr,
                            ports ? FieldId::dstport : FieldId::dstaddr};
  ValueSetBuilder builder{ValuePlace(FieldRef(fields[0]), subject + " takes")};
  if (!parse_values(builder)) return nullptr;
  const ValueSetPtr set = builder.finish();
  if (!both_ends) {
    return make_expression(Expression::InSet{FieldRef(fields[source ? 0 : 1]), set});
  }
  std::vector<ExpressionPtr> ends = {make_expression(Expression::InSet{FieldRef(fields[0]), set}),
                                     make_expression(Expression::InSet{FieldRef(fields[1]), set})};
  return joined_by_and ? all_of(std::move(ends)) : any_of(std::move(ends));
}

bool FilterParser::starts_like_address(std::string_view word) {
  return word.find_first_not_of("0123456789abcdefABCDEF.:/-") == std::string_view::npos;
}

}  // namespace weir::filter
