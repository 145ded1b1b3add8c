// SPDX-License-Identifier: Apache-2.0
// field: protocols, ports, flags and codes by name and back.
#include "weir/names.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "field/ascii.hpp"
#include "field/service.hpp"

namespace weir::field {
namespace {

// The rows of a table in src/field, read at run time: an independent reading of what the build
// turned into C++.
std::vector<std::vector<std::string>> read_table(const std::string& name) {
  std::ifstream file(std::string("src/field/") + name);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  for (int number = 0; std::getline(file, line); ++number) {
    if (number < 2) continue;
    std::vector<std::string>& row = rows.emplace_back(1);
    for (const char c : line) {
      if (c == ',') {
        row.emplace_back();
      } else {
        row.back() += c;
      }
    }
  }
  return rows;
}

std::vector<std::string> split_names(const std::string& joined) {
  std::vector<std::string> names;
  std::string name;
  for (const char c : joined + "|") {
    if (c != '|') {
      name += c;
    } else if (!name.empty()) {
      names.push_back(std::exchange(name, {}));
    }
  }
  return names;
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

std::string lower(std::string text) {
  for (char& c : text) c = to_lower_ascii(c);
  return text;
}

TEST(ProtocolNames, EveryNumberOfTheRegistryIsNamedAndFoundAgain) {
  std::set<std::uint64_t> seen;
  for (const auto& row : read_table("protocol_numbers.csv")) {
    ASSERT_EQ(row.size(), 4u);
    const std::uint64_t first = std::stoul(row[0]);
    const std::size_t dash = row[0].find('-');
    const std::uint64_t last =
        dash == std::string::npos ? first : std::stoul(row[0].substr(dash + 1));
    for (std::uint64_t number = first; number <= last; ++number) {
      EXPECT_TRUE(seen.insert(number).second) << number << " is listed twice";
      EXPECT_EQ(protocol_keyword(number), row[1]);
      EXPECT_EQ(protocol_description(number), row[2]);
    }
    if (!row[1].empty()) {
      EXPECT_EQ(find_protocol(row[1]), first) << row[1];
      EXPECT_EQ(find_protocol(lower(row[1])), first) << row[1];
      EXPECT_EQ(find_protocol(upper(row[1])), first) << row[1];
    }
    for (const std::string& alias : split_names(row[3])) {
      EXPECT_EQ(find_protocol(alias), first) << alias;
      EXPECT_EQ(find_protocol(upper(alias)), first) << alias;
    }
  }
  EXPECT_EQ(seen.size(), 256u);
}

TEST(ProtocolNames, KnowsTheOnesThatFlowLogsHold) {
  const struct {
    const char* why;
    std::uint64_t number;
    const char* keyword;
    const char* description;
  } cases[] = {
      {"the most common of all", 6, "TCP", "Transmission Control"},
      {"hyphenated keyword", 58, "IPv6-ICMP", "ICMP for IPv6"},
      {"a keyword with blanks", 135, "Mobility Header", ""},
      {"assigned without a keyword", 61, "", "any host internal protocol"},
      {"newer than most lists", 147, "BIT-EMU", "Bit-stream Emulation"},
      {"first of the unassigned", 148, "", "Unassigned"},
      {"last of the unassigned", 252, "", "Unassigned"},
      {"experiments", 253, "", "Use for experimentation and testing"},
      {"the last one", 255, "Reserved", ""},
      {"one past the end", 256, "", ""},
      {"far past the end", ~std::uint64_t{0}, "", ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(protocol_keyword(c.number), c.keyword) << c.why;
    EXPECT_EQ(protocol_description(c.number), c.description) << c.why;
  }
}

TEST(ProtocolNames, UnknownWordsAreNotFound) {
  for (const char* name : {"", "tcpx", "tc", "6", "|", "icmpv6|icmp6", "Unassigned"}) {
    EXPECT_EQ(find_protocol(name), std::nullopt) << name;
  }
}

TEST(ServiceNames, EveryPortOfTheTableIsNamedAndFoundAgain) {
  const std::map<std::string, std::uint64_t> numbers = {{"tcp", 6}, {"udp", 17}, {"sctp", 132}};
  std::map<std::string, unsigned long> port_of_name;
  for (const auto& row : read_table("service_ports.csv")) {
    ASSERT_EQ(row.size(), 6u);
    const unsigned long port = std::stoul(row[0]);
    for (const std::string& protocol : split_names(row[1])) {
      const Service* service = find_service_of(port, numbers.at(protocol));
      ASSERT_NE(service, nullptr) << row[0] << ' ' << protocol;
      EXPECT_EQ(service->name, row[2]);
      EXPECT_EQ(service->title, row[4]);
      EXPECT_EQ(service->registered, row[3] == "iana");
    }
    EXPECT_TRUE(row[3] == "iana" || row[3] == "common") << row[0];
    EXPECT_FALSE(row[4].empty()) << row[0];
    std::vector<std::string> names = split_names(row[5]);
    names.push_back(row[2]);
    for (const std::string& name : names) {
      EXPECT_EQ(name, lower(name));
      EXPECT_EQ(find_service(name), port) << name;
      EXPECT_EQ(find_service(upper(name)), port) << name;
      EXPECT_EQ(port_of_name.emplace(name, port).first->second, port)
          << name << " stands for two ports";
    }
  }
  EXPECT_GT(port_of_name.size(), 250u);
}

TEST(ServiceNames, ProtocolDecides) {
  const struct {
    const char* why;
    std::uint64_t port;
    std::uint64_t protocol;
    const char* name;
  } cases[] = {
      {"the port of every lesson", 22, 6, "ssh"},
      {"one port, another service over TCP", 514, 6, "shell"},
      {"one port, another service over UDP", 514, 17, "syslog"},
      {"any protocol: the first that has a name", 514, 0, "shell"},
      {"UDP only, any protocol asked", 51820, 0, "wireguard"},
      {"UDP only, TCP asked", 51820, 6, ""},
      {"protocols without ports have no services", 22, 1, ""},
      {"nobody lives there", 4, 6, ""},
      {"no port", 65536, 6, ""},
      {"65558 is 22 in 16 bits", 65558, 6, ""},
  };
  for (const auto& c : cases) EXPECT_EQ(service_name(c.port, c.protocol), c.name) << c.why;
}

TEST(ServiceNames, AliasesLeadToPorts) {
  const struct {
    const char* name;
    std::uint16_t port;
  } cases[] = {{"rdp", 3389},      {"dns", 53},      {"Postgres", 5432}, {"smb", 445},
               {"KUBE-API", 6443}, {"vnc", 5900},    {"winrm", 5985},    {"rabbitmq", 5672},
               {"mssql", 1433},    {"mongo", 27017}, {"kafka", 9092},    {"memcached", 11211}};
  for (const auto& c : cases) EXPECT_EQ(find_service(c.name), c.port) << c.name;
  for (const char* name : {"", "|", "22", "sshd"}) EXPECT_EQ(find_service(name), std::nullopt);
}

TEST(TcpFlags, TextOfDocumentedValues) {
  const struct {
    std::uint64_t flags;
    const char* text;
  } cases[] = {{0, "none"},
               {1, "FIN"},
               {2, "SYN"},
               {3, "SYN+FIN"},
               {4, "RST"},
               {5, "FIN+RST"},
               {6, "SYN+RST"},
               {7, "SYN+FIN+RST"},
               {16, "ACK"},
               {17, "FIN+ACK"},
               {18, "SYN-ACK"},
               {19, "SYN-ACK+FIN"},
               {22, "SYN-ACK+RST"},
               {24, "PSH+ACK"},
               {23, "SYN-ACK+FIN+RST"},
               {194, "SYN+ECE+CWR"},
               {255, "SYN-ACK+FIN+RST+PSH+URG+ECE+CWR"},
               {256, "256"},
               {~std::uint64_t{0}, "18446744073709551615"}};
  for (const auto& c : cases) EXPECT_EQ(tcp_flags_text(c.flags), c.text);
}

TEST(TcpFlags, EveryByteIsFoundAgainByItsText) {
  for (std::uint64_t flags = 0; flags < 256; ++flags) {
    const std::string text = tcp_flags_text(flags);
    EXPECT_EQ(find_tcp_flags(text), flags) << text;
    EXPECT_EQ(find_tcp_flags(lower(text)), flags) << text;
  }
}

TEST(TcpFlags, UnknownWordsAreNotFound) {
  EXPECT_EQ(find_tcp_flags("fin+syn"), 3) << "any order";
  EXPECT_EQ(find_tcp_flags("syn+ack"), 18) << "SYN and ACK are SYN-ACK";
  for (const char* name : {"", "+", "syn+", "+syn", "syn++ack", "sin", "18", "syn ack"}) {
    EXPECT_EQ(find_tcp_flags(name), std::nullopt) << name;
  }
}

TEST(ValueNames, CodesHaveWords) {
  for (std::uint64_t code = 1; code <= 8; ++code) EXPECT_FALSE(traffic_path_text(code).empty());
  EXPECT_EQ(traffic_path_text(8), "an internet gateway");
  EXPECT_EQ(traffic_path_text(0), "");
  EXPECT_EQ(traffic_path_text(9), "");
  for (std::uint64_t code = 0; code <= 3; ++code)
    EXPECT_FALSE(encryption_status_text(code).empty());
  EXPECT_EQ(encryption_status_text(0), "not encrypted");
  EXPECT_EQ(encryption_status_text(4), "");
}

TEST(ValueNames, EachFieldHasItsOwnNames) {
  const struct {
    const char* why;
    ValueNames names;
    std::uint64_t value;
    const char* text;
  } cases[] = {
      {"protocol", ValueNames::protocol, 6, "TCP"},
      {"port", ValueNames::port, 22, "ssh"},
      {"flags", ValueNames::tcp_flags, 18, "SYN-ACK"},
      {"no flags are a value too", ValueNames::tcp_flags, 0, "none"},
      {"wider than the flags", ValueNames::tcp_flags, 256, ""},
      {"path", ValueNames::traffic_path, 7, "a gateway VPC endpoint"},
      {"encryption", ValueNames::encryption, 0, "not encrypted"},
      {"plain numbers have no names", ValueNames::none, 6, ""},
      {"no such protocol", ValueNames::protocol, 1000, ""},
  };
  for (const auto& c : cases) EXPECT_EQ(value_name(c.names, c.value), c.text) << c.why;
}

}  // namespace
}  // namespace weir::field
