// SPDX-License-Identifier: Apache-2.0
// policy: items from any number of files -> one Network, each item once.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/read_items.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

/// Where the items of a vector are, by id.
template <class Item>
class ItemsById {
 public:
  explicit ItemsById(std::vector<Item>& items) : items_(items) {
    for (std::size_t i = 0; i < items.size(); ++i) places_.emplace(items[i].id, i);
  }
  Item* find(const std::string& id) {
    const auto found = places_.find(id);
    return found == places_.end() ? nullptr : &items_[found->second];
  }
  Item& add(Item item) {
    places_.emplace(item.id, items_.size());
    return items_.emplace_back(std::move(item));
  }

 private:
  std::vector<Item>& items_;
  std::unordered_map<std::string, std::size_t> places_;
};

/// Brings together what was read. The same item twice is kept once; of two that differ the later
/// one counts, and a note says so.
class NetworkBuilder {
 public:
  /// What `network` holds already is added to. Both must outlive this.
  NetworkBuilder(Network& network, std::vector<std::string>& notes);

  // `file` is where the item was read.
  void add(SecurityGroup group, std::string_view file);
  void add(OwnedRule rule, std::string_view file);
  void add(NetworkAcl acl, std::string_view file);
  void add(NetworkInterface interface, std::string_view file);
  void add(Subnet subnet, std::string_view file);
  void add(Vpc vpc, std::string_view file);
  void add(PrefixList list, std::string_view file);
  /// Entries of a list. `continued`: a page before them said that they come.
  void add_entries(const std::string& list_id, std::vector<Cidr> entries, bool continued,
                   std::string_view file);

  // What is missing of what was read: it could have decided.
  void miss_interfaces() { network_.interfaces_incomplete = true; }
  /// Of the groups of which only rules were read.
  void miss_rules() { misses_rules_ = true; }
  void miss_entries(const std::string& list_id);

  /// Brings rules that were read by themselves to their groups, makes groups for those that have
  /// none, and lists for those that are only referred to. Called once, when all is read.
  void finish();

 private:
  template <class Item>
  void add_to(ItemsById<Item>& items, Item item, std::string_view file);
  void place_rules(const std::string& group_id, std::vector<OwnedRule> rules);
  void place_unread_rules();
  void note_difference(const std::string& id, std::string_view file);

  Network& network_;
  std::vector<std::string>& notes_;
  ItemsById<SecurityGroup> groups_;
  ItemsById<NetworkAcl> acls_;
  ItemsById<NetworkInterface> interfaces_;
  ItemsById<Subnet> subnets_;
  ItemsById<Vpc> vpcs_;
  ItemsById<PrefixList> prefix_lists_;
  std::vector<OwnedRule> rules_;  // in the order of the files
  std::unordered_map<std::string, std::size_t> rule_places_;
  std::map<std::string, std::string> differences_;  // id -> the file that counts
  std::vector<std::string> groups_of_other_times_;
  std::vector<OwnedRule> unread_rules_;
  bool misses_rules_ = false;
};

}  // namespace weir::policy
