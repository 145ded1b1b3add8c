// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "filter/expression.hpp"
#include "weir/filter.hpp"

namespace weir::filter {
namespace {

std::string canonical(std::string_view expression) {
  const auto filter = Filter::parse(expression);
  return filter ? filter->to_string() : "error: " + filter.error().message;
}

TEST(FilterParse, GivesBothSpellingsOneForm) {
  const struct {
    const char* why;
    const char* expression;
    const char* expected;
  } cases[] = {
      {"the contract's long example",
       "action = REJECT and dstport in (22, 3389, 8000-8100) and pkt-srcaddr in 10.0.0.0/8",
       "action = REJECT and dstport in (22, 3389, 8000-8100) and pkt-srcaddr in 10.0.0.0/8"},
      {"the contract's short example", "src net 10.0.0.0/8 and dst port 22 and tcp and rejected",
       "srcaddr in 10.0.0.0/8 and dstport = 22 and protocol = 6 and action = REJECT"},
      {"both spellings mix", "src 10.0.0.1 and bytes > 1K", "srcaddr = 10.0.0.1 and bytes >= 1001"},
      {"two equals signs", "dstport == 22", "dstport = 22"},
      {"any case, underscores and Logs Insights' names", "LOG_STATUS = nodata AND pktSrcAddr = ::1",
       "log-status = NODATA and pkt-srcaddr = ::1"},
      {"symbols for and, or, not", "!tcp && (udp || icmp)",
       "protocol != 6 and (protocol = 17 or protocol = 1)"},
      {"and binds before or", "tcp or udp and icmp",
       "protocol = 6 or protocol = 17 and protocol = 1"},
      {"parentheses that change nothing go", "((tcp or (udp)) or (icmp))",
       "protocol = 6 or protocol = 17 or protocol = 1"},
      {"not binds before and", "not tcp and udp", "protocol != 6 and protocol = 17"},
      {"two nots are none", "not not ! ! tcp", "protocol = 6"},
      {"not over a chain", "not (tcp or udp)", "not (protocol = 6 or protocol = 17)"},
      {"not over not in", "not dstport not in (22, 23)", "dstport in 22-23"},
      {"neighbouring values become a range", "dstport in (24, 22, 23)", "dstport in 22-24"},
      {"a range with dots", "dstport in 22..24", "dstport in 22-24"},
      {"= takes a range and a prefix", "dstport = 22-24 and srcaddr = 10.1.2.3/8",
       "dstport in 22-24 and srcaddr in 10.0.0.0/8"},
      {"comparisons are ranges", "bytes < 10 and packets <= 5 and bytes > 3 and packets >= 1",
       "bytes <= 9 and packets <= 5 and bytes >= 4 and packets >= 1"},
      {"nothing is below zero", "bytes < 0", "bytes < 0"},
      {"above the largest port", "dstport > 65535", "dstport > 65535"},
      {"units", "bytes in (1k, 1Ki, 2m, 2MI, 3G, 3gi, 4T, 4Ti)",
       "bytes in (1000, 1024, 2000000, 2097152, 3000000000, 3221225472, 4000000000000, "
       "4398046511104)"},
      {"names", "protocol in (tcp, UDP, icmp6) and dstport in (ssh, https) and tcp-flags = syn+fin",
       "protocol in (6, 17, 58) and dstport in (22, 443) and tcp-flags = 3"},
      {"flags are tested with has and &", "tcp-flags has syn-ack or tcp_flags & rst",
       "tcp-flags has 18 or tcp-flags has 4"},
      {"flags as words", "syn and not syn-ack", "tcp-flags has 2 and not tcp-flags has 18"},
      {"ISO times and seconds", "start >= 2026-11-22T10:00:00Z and end < 1795341600",
       "start >= 2026-11-22T10:00:00Z and end <= 2026-11-22T09:59:59Z"},
      {"milliseconds", "start = 1795341600123", "start = 2026-11-22T10:00:00Z"},
      {"a range of times", "start in 2026-11-22..2026-11-23", "start in 1795305600-1795392000"},
      {"a range of addresses", "srcaddr in 10.0.0.1-10.0.0.9", "srcaddr in 10.0.0.1-10.0.0.9"},
      {"ranges that are prefixes", "srcaddr in (10.0.0.0-10.0.0.255, 10.0.1.0/24)",
       "srcaddr in 10.0.0.0/23"},
      {"order of addresses stays in the family", "srcaddr < 10.0.0.0 and dstaddr >= 2001:db8::",
       "srcaddr in 0.0.0.0-9.255.255.255 and dstaddr in "
       "2001:db8::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
      {"every IPv6 address", "srcaddr in ::/0", "srcaddr in ::/0"},
      {"field against field", "srcaddr = pkt-srcaddr and bytes > packets and start<=end",
       "srcaddr = pkt-srcaddr and bytes > packets and start <= end"},
      {"null, three spellings", "bytes is null or bytes is not null or bytes is-null",
       "bytes is null or bytes is not null or bytes is null"},
      {"not in, two spellings", "dstport not in (22) or dstport not-in (80)",
       "dstport != 22 or dstport != 80"},
      {"patterns need quotes", "interface-id ~ '^eni-0' and srcaddr !~ ^10.",
       "error: unexpected character '^'"},
      {"patterns in quotes", "interface-id ~ '^eni-\\d' and srcaddr !~ \"^10\\.\"",
       "interface-id ~ \"^eni-\\d\" and srcaddr !~ \"^10\\.\""},
      {"quotes in quotes", "instance-tag = 'it\\'s \"it\"'", "instance-tag = \"it's \\\"it\\\"\""},
      {"a text that is a field's name", "instance-tag = 'region'", "instance-tag = \"region\""},
      {"words of AWS in its own spelling", "action = 'reject' and type = ipv4",
       "action = REJECT and type = IPv4"},
      {"a word that AWS may add", "action = 'MAYBE'", "action = \"MAYBE\""},
      {"a field outside the catalogue", "field(\"x_y\") = 1 or ${z} is null",
       "field(\"x-y\") = 1 or field(\"z\") is null"},
      {"a field of the catalogue by ${}", "${dst_port} = 22", "dstport = 22"},
      {"either end", "host 10.0.0.1", "srcaddr = 10.0.0.1 or dstaddr = 10.0.0.1"},
      {"either end, said", "src or dst port 53", "srcport = 53 or dstport = 53"},
      {"both ends", "src and dst net 10.0.0.0/8",
       "srcaddr in 10.0.0.0/8 and dstaddr in 10.0.0.0/8"},
      {"the ends in the other order", "dst || src port 53", "srcport = 53 or dstport = 53"},
      {"a name for a port", "dst port ssh", "dstport = 22"},
      {"portrange", "src portrange 1024-65535", "srcport in 1024-65535"},
      {"lists", "dst port (22, 80) and host in (10.0.0.1, ::1)",
       "dstport in (22, 80) and (srcaddr in (10.0.0.1, ::1) or dstaddr in (10.0.0.1, ::1))"},
      {"a protocol before a port", "not tcp dst port 22", "not (protocol = 6 and dstport = 22)"},
      {"a protocol before either port", "udp port 53 and rejected",
       "protocol = 17 and (srcport = 53 or dstport = 53) and action = REJECT"},
      {"a family before a net", "ip6 src net 2001:db8::/32", "ipv6 and srcaddr in 2001:db8::/32"},
      {"proto", "proto 47 or ip proto (esp, 51)", "protocol = 47 or ipv4 and protocol in 50-51"},
      {"words", "accepted and inbound or egress and not skipdata or nodata or ipv4 or any",
       "action = ACCEPT and flow-direction = ingress or flow-direction = egress and "
       "log-status != SKIPDATA or log-status = NODATA or ipv4 or any"},
      {"IANA's IPv6 is a protocol after =", "protocol = ipv6", "protocol = 41"},
      {"account ids are text", "account-id = 012345678901", "account-id = 012345678901"},
      {"no blanks needed", "bytes>1&&(dstport=22)", "bytes >= 2 and dstport = 22"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(canonical(c.expression), c.expected) << c.why;
    if (std::string_view(c.expected).starts_with("error")) continue;
    EXPECT_EQ(canonical(c.expected), c.expected) << c.why << ": the canonical form is its own";
  }
}

TEST(FilterParse, SaysWhatIsWrongWhereAndWhatToTry) {
  const struct {
    const char* why;
    const char* expression;
    const char* message;
    const char* caret;
    const char* hint;
  } cases[] = {
      {"empty", " ", "the expression is empty, a condition was expected", " ^",
       "action = REJECT and dst port 22"},
      {"misspelt field", "action = REJECT and dstprot = 22", "unknown field 'dstprot'",
       "                    ^~~~~~~", "did you mean dstport?"},
      {"nothing near", "zzzzzz in (1)", "unknown field 'zzzzzz'", "^~~~~~",
       "`weir fields` lists every field; field(\"name\") takes any name"},
      {"misspelt shorthand", "rejectd and tcp", "unknown field or word 'rejectd'", "^~~~~~~",
       "did you mean rejected?"},
      {"number for an address", "srcaddr = 22",
       "srcaddr holds an address such as 10.0.0.1 or a prefix such as 10.0.0.0/8, not '22'",
       "          ^~", ""},
      {"host name", "host db.example.com",
       "host takes an address such as 10.0.0.1 or a prefix such as 10.0.0.0/8, not "
       "'db.example.com'",
       "     ^~~~~~~~~~~~~~", "host names are not looked up"},
      {"prefix for a port", "dstport = 10.0.0.0/8",
       "dstport holds a number from 0 to 65535 or a service name such as ssh, not '10.0.0.0/8'",
       "          ^~~~~~~~~~", ""},
      {"negative", "bytes = -1",
       "bytes holds a whole number from 0 to 18446744073709551615 such as 4249, not '-1'",
       "        ^~", ""},
      {"port out of range", "port 70000",
       "port takes a number from 0 to 65535 or a service name such as ssh, not '70000'",
       "     ^~~~~", ""},
      {"number with too many digits", "bytes > 99999999999999999999",
       "bytes holds a whole number from 0 to 18446744073709551615 such as 4249, not "
       "'99999999999999999999'",
       "        ^~~~~~~~~~~~~~~~~~~~", ""},
      {"a unit too many", "bytes > 99999999T",
       "bytes holds a whole number from 0 to 18446744073709551615 such as 4249, not '99999999T'",
       "        ^~~~~~~~~", ""},
      {"prefix length", "net 10.0.0.0/33",
       "'10.0.0.0/33' is not a prefix: its length is a number from 0 to 32", "    ^~~~~~~~~~~",
       "10.0.0.0/8, 2001:db8::/32"},
      {"range backwards", "dstport in (9-8)", "the range '9-8' runs backwards", "            ^~~",
       "write the lower end first"},
      {"address range backwards", "srcaddr = 10.0.0.9-10.0.0.1",
       "the range '10.0.0.9-10.0.0.1' runs backwards", "          ^~~~~~~~~~~~~~~~~",
       "write the lower end first"},
      {"families mixed", "srcaddr = 10.0.0.9-::1", "the range '10.0.0.9-::1' mixes IPv4 and IPv6",
       "          ^~~~~~~~~~~~", "write one range per address family"},
      {"no such action", "action = REJECTED", "action holds ACCEPT or REJECT, not 'REJECTED'",
       "         ^~~~~~~~", "put a value that weir does not know in quotes"},
      {"age", "start > 2h",
       "start holds a time such as 2026-11-22T10:00:00Z, or Unix seconds, not '2h'", "        ^~",
       "ages such as 2h are for --since and --until"},
      {"null as a value", "bytes = null", "null equals nothing, not even null", "        ^~~~",
       "bytes is null"},
      {"dash as a value", "instance-id = -", "'-' is not a value", "              ^",
       "`is null` asks for a missing value"},
      {"open quote", "instance-tag = 'web", "this ' is never closed", "               ^",
       "end the text with the same quote"},
      {"open parenthesis", "(tcp and (udp or icmp)", "this ( is never closed", "^", ""},
      {"open list", "dstport in (22, 23", "this ( is never closed", "           ^", ""},
      {"closing parenthesis", "tcp) and udp", "this ) has no ( before it", "   ^", ""},
      {"empty list", "dstport in ()", "expected a value, found ')'", "            ^", ""},
      {"list without comma", "dstport in (22 23)", "expected , or ), found '23'",
       "               ^~", ""},
      {"list without in", "dstport = (22, 23)", "expected a value, found '('", "          ^",
       "a list needs in: dstport in ..."},
      {"list of values after a condition", "dst port 22, 23",
       "expected and, or or the end, found ','", "           ^",
       "several values need a list: dstport in (22, 80)"},
      {"port without its word", "dst port 22 or 80", "expected a condition, found '80'",
       "               ^~", "port 80, dst port 80"},
      {"address alone", "10.0.0.1", "expected a condition, found '10.0.0.1'", "^~~~~~~~",
       "host 10.0.0.1, src 10.0.0.1, srcaddr = 10.0.0.1"},
      {"trailing word", "action = REJECT tcp", "expected and, or or the end, found 'tcp'",
       "                ^~~", "two conditions are joined by and, or"},
      {"trailing word inside", "(tcp udp)", "expected and, or or ), found 'udp'", "     ^~~",
       "two conditions are joined by and, or"},
      {"nothing after and", "tcp and", "expected a condition, found the end", "       ^", ""},
      {"and first", "and tcp", "expected a condition, found 'and'", "^~~", ""},
      {"nothing after =", "dstport =", "expected a value, found the end", "         ^", ""},
      {"keyword after =", "vpc-id = and tcp", "expected a value, found 'and'", "         ^~~", ""},
      {"no operator", "dstport 22",
       "expected an operator such as = or in after dstport, found '22'", "        ^~",
       "= != < <= > >= ~ !~, in, not in, is null, is not null"},
      {"is what", "bytes is 5", "expected null or not null, found '5'", "         ^", ""},
      {"order of text", "vpc-id < vpc-1", "vpc-id holds text, which has no order", "       ^",
       "use =, !=, in or ~"},
      {"order of a prefix", "srcaddr < 10.0.0.0/8", "expected one value, '10.0.0.0/8' is a range",
       "          ^~~~~~~~~~", "use = or in for ranges and prefixes"},
      {"fields of two kinds", "srcaddr = dstport",
       "srcaddr holds an address and dstport a number, which cannot be compared",
       "          ^~~~~~~", ""},
      {"field in a list", "srcaddr in (pkt-srcaddr)", "expected a value, 'pkt-srcaddr' is a field",
       "            ^~~~~~~~~~~",
       "compare fields with =; put text that is a field's name in quotes"},
      {"flags of something else", "bytes has syn", "'has' tests TCP flags, and bytes holds none",
       "      ^~~", "tcp-flags has syn"},
      {"no flag", "tcp-flags has none", "expected a flag, which 0 is not", "              ^~~~",
       "tcp-flags = 0 is true of records without flags"},
      {"bad pattern", "vpc-id ~ '('", "not a regular expression: missing ): (", "         ^~~",
       "syntax: https://github.com/google/re2/wiki/Syntax"},
      {"star", "vpc-id = vpc-*", "unexpected character '*'", "             ^",
       "put text and patterns in quotes"},
      {"one bar", "tcp | udp", "unexpected character '|'", "    ^", "write or, or ||"},
      {"bad braces", "$srcaddr = 1", "expected a field in braces after $", "^", "${srcaddr}"},
      {"field without a name", "field(22 = 1", "expected a field's name in quotes", "      ^~",
       "field(\"name\")"},
      {"src of nothing", "src tcp",
       "expected host, net, port, portrange, private, public or an address after src, found 'tcp'",
       "    ^~~", ""},
      {"no file name", "host in @ and tcp", "expected a file name after @", "        ^",
       "in @hosts.txt"},
      {"columns are counted in characters", "instance-tag = '\xc3\xa4\xc3\xb6' oder tcp",
       "expected and, or or the end, found 'oder'", "                    ^~~~",
       "two conditions are joined by and, or"},
  };
  for (const auto& c : cases) {
    const auto filter = Filter::parse(c.expression);
    ASSERT_FALSE(filter) << c.why;
    const Error& error = filter.error();
    EXPECT_EQ(error.code, ErrorCode::usage) << c.why;
    EXPECT_EQ(error.message, c.message) << c.why;
    EXPECT_EQ(error.excerpt, std::string(c.expression) + '\n' + c.caret) << c.why;
    EXPECT_EQ(error.hint, c.hint) << c.why;
  }
}

TEST(FilterParse, CutsALongExpressionAroundThePlace) {
  std::string expression;
  for (int i = 0; i < 50; ++i) expression += "dstport = 22 and ";
  const auto filter = Filter::parse(expression + "dstprot = 22 and " + expression + "tcp");
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().excerpt,
            "...2 and dstport = 22 and dstport = 22 and dstprot = 22 and dstport = 22 and "
            "dstport = 22 and dstpo...\n"
            "                                           ^~~~~~~");
}

TEST(FilterParse, SpellsWhatCannotBePrinted) {
  const auto filter = Filter::parse("tcp\nand\t\x01\xff");
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().excerpt, "tcp and \\x01\\xff\n        ^~~~");
}

TEST(FilterParse, LimitsDepthLengthAndPatterns) {
  const auto nested = [](std::size_t depth, const std::string& inside) {
    return std::string(depth, '(') + inside + std::string(depth, ')');
  };
  EXPECT_TRUE(Filter::parse(nested(kMaxDepth, "dstport = 22")));
  const auto deep = Filter::parse(nested(kMaxDepth + 1, "dstport = 22"));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().message, "conditions are nested more than 200 levels deep");
  EXPECT_FALSE(Filter::parse(nested(kMaxDepth, "port 22"))) << "its long form nests deeper";
  EXPECT_FALSE(Filter::parse(nested(30'000, "tcp"))) << "no stack overflow";

  const auto long_expression = Filter::parse(std::string(kMaxExpressionBytes + 1, ' '));
  ASSERT_FALSE(long_expression);
  EXPECT_EQ(long_expression.error().message, "the expression is longer than 64 KiB");

  std::string chain = "tcp";
  while (chain.size() < kMaxExpressionBytes - 20) chain += " and ! ! !udp or tcp";
  EXPECT_TRUE(Filter::parse(chain));

  std::string patterns = "region ~ a";
  for (int i = 1; i < kMaxPatterns; ++i) patterns += " or region ~ a";
  EXPECT_TRUE(Filter::parse(patterns));
  EXPECT_FALSE(Filter::parse(patterns + " or region ~ a"));
}

TEST(FilterFields, AreThoseThatTheExpressionReads) {
  const auto filter = Filter::parse("port 22 or ipv6 and field(\"colour\") = red");
  ASSERT_TRUE(filter);
  const auto contains = [&](FieldId id, const char* name) {
    return filter->fields().contains({.id = id, .type = FieldType::text, .name = name});
  };
  EXPECT_TRUE(contains(FieldId::srcport, "srcport"));
  EXPECT_TRUE(contains(FieldId::dstport, "dstport"));
  EXPECT_TRUE(contains(FieldId::type, "type"));
  EXPECT_TRUE(contains(FieldId::srcaddr, "srcaddr"));
  EXPECT_TRUE(contains(FieldId::unknown, "colour"));
  EXPECT_FALSE(contains(FieldId::bytes, "bytes"));
  EXPECT_FALSE(contains(FieldId::unknown, "shade"));
}

}  // namespace
}  // namespace weir::filter
