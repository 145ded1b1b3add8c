// SPDX-License-Identifier: Apache-2.0
// cli: what the command line said, before anyone acts on it.
#pragma once

#include <string>
#include <vector>

namespace weir::cli {

/// The values of all flags, as text. Each is named after its flag; flags.cpp has the table.
struct Options {
  std::vector<std::string> where;  ///< every one that was given: all of them have to match
  std::string since;
  std::string until;
  std::string limit;
  std::string format;
  std::string output;
  std::string threads;
  std::string rejects;
  std::string progress = "auto";
  std::string color = "auto";
  std::string tz;  ///< empty: not given
  std::string fields;
  std::string partition;
  std::string by;
  std::string every;
  std::string split;
  std::string memory;
  std::string temp_dir;
  std::string seed;
  std::string size;
  std::string records;
  std::string objects;
  std::string day;
  std::string interfaces;
  std::string config_directory;
  std::string as;
  std::string interface;
  std::string group;
  std::string max_rules;
  std::string widen;
  std::vector<std::string> config;    ///< every one that was given
  std::vector<std::string> proposed;  ///< every one that was given
  std::string file;
  std::vector<std::string> table;
  std::vector<std::string> set;  ///< every one that was given
  std::string prices;
  bool sql = false;
  bool safe = false;
  bool count = false;
  bool plain = false;
  bool dedup = false;
  bool each = false;
  bool grouped = false;
  bool findings = false;
  bool guard = false;
  bool guess = false;
  bool force = false;
  bool strict = false;
  bool quiet = false;
  bool verbose = false;
  std::vector<std::string> arguments;
};

}  // namespace weir::cli
