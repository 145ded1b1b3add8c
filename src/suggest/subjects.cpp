// SPDX-License-Identifier: Apache-2.0
// suggest: which interfaces share a proposal.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "suggest/steps.hpp"

namespace weir::suggest {
namespace {

using GroupSet = std::vector<std::string>;

GroupSet groups_of(const NetworkInterface& interface) {
  GroupSet groups = interface.group_ids;
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

bool carries(const NetworkInterface& interface, std::string_view group_id) {
  return std::find(interface.group_ids.begin(), interface.group_ids.end(), group_id) !=
         interface.group_ids.end();
}

Error not_found(std::string message, std::string hint) {
  return {.code = ErrorCode::not_found, .message = std::move(message), .hint = std::move(hint)};
}

class Chooser {
 public:
  Chooser(const SuggestOptions& options, std::span<const ObservedInterface> interfaces)
      : options_(options),
        network_(options.policy == nullptr ? nullptr : &options.policy->network()),
        interfaces_(interfaces) {
    chosen_.of_interface.assign(interfaces.size(), kNoSubject);
  }

  Result<Subjects> choose() {
    if (!options_.group_id.empty()) {
      if (auto done = choose_group(); !done) return Unexpected(std::move(done.error()));
    } else {
      choose_each();
      if (!options_.interface_id.empty() && chosen_.proposals.empty()) {
        return Unexpected(missing_interface());
      }
    }
    for (Suggestion& proposal : chosen_.proposals) settle_group(proposal);
    return std::move(chosen_);
  }

 private:
  const NetworkInterface* configured(const ObservedInterface& interface) const {
    return network_ == nullptr ? nullptr : network_->find_interface(interface.id);
  }

  /// Adds an observed interface to a proposal.
  void join(std::uint32_t subject, std::size_t place) {
    const ObservedInterface& interface = interfaces_[place];
    Suggestion& proposal = chosen_.proposals[subject];
    chosen_.of_interface[place] = subject;
    const bool has_times = interface.last > 0;
    if (has_times) {
      proposal.first =
          proposal.last == 0 ? interface.first : std::min(proposal.first, interface.first);
      proposal.last = std::max(proposal.last, interface.last);
    }
    proposal.skipdata += interface.skipdata;
    proposal.interface_ids.push_back(interface.id);
    if (const NetworkInterface* known = configured(interface)) {
      proposal.vpc_id = known->vpc_id;
      proposal.account_id = known->account_id;
    }
  }

  std::uint32_t new_proposal(GroupSet groups) {
    chosen_.proposals.emplace_back().group_ids = std::move(groups);
    return static_cast<std::uint32_t>(chosen_.proposals.size() - 1);
  }

  /// Proposals sort by their groups, and the interfaces that no configuration knows come first.
  void choose_each() {
    std::map<GroupSet, std::vector<std::size_t>> by_groups;
    for (std::size_t i = 0; i < interfaces_.size(); ++i) {
      const ObservedInterface& interface = interfaces_[i];
      if (!options_.interface_id.empty() && interface.id != options_.interface_id) continue;
      const NetworkInterface* const known = configured(interface);
      const bool is_attachment = !interface.id.empty() && !interface.id.starts_with("eni-");
      if (is_attachment || interface.is_nameless ||
          (known != nullptr && known->group_ids.empty())) {
        chosen_.ungrouped.push_back(
            {.interface_id = interface.id, .type = known == nullptr ? "" : known->type});
      } else if (known == nullptr) {
        join(new_proposal({}), i);
      } else {
        by_groups[groups_of(*known)].push_back(i);
      }
    }
    for (const auto& [groups, places] : by_groups) {
      const std::uint32_t subject = new_proposal(groups);
      for (const std::size_t place : places) join(subject, place);
    }
  }

  Result<void> choose_group() {
    const std::string& group = options_.group_id;
    if (network_ == nullptr) {
      return Unexpected(Error{.code = ErrorCode::usage,
                              .message = "--group needs --config, which says which interfaces "
                                         "carry the group",
                              .hint = "--config DIR, with what `aws ec2 "
                                      "describe-network-interfaces` printed"});
    }
    const std::uint32_t subject = new_proposal({group});
    for (std::size_t i = 0; i < interfaces_.size(); ++i) {
      const NetworkInterface* const known = configured(interfaces_[i]);
      if (known != nullptr && carries(*known, group)) join(subject, i);
    }
    if (!chosen_.proposals[subject].interface_ids.empty()) return {};
    const bool is_carried =
        std::any_of(network_->interfaces.begin(), network_->interfaces.end(),
                    [&](const NetworkInterface& interface) { return carries(interface, group); });
    if (is_carried) {
      return Unexpected(
          not_found(fmt::format("the log has no record of an interface that carries {}", group),
                    "`weir top interface-id INPUT` shows the interfaces of the log"));
    }
    return Unexpected(not_found(
        fmt::format("no interface of the configuration carries the group {}", group),
        "its interfaces come from `aws ec2 describe-network-interfaces`; is the file there?"));
  }

  Error missing_interface() const {
    const std::string& id = options_.interface_id;
    if (!chosen_.ungrouped.empty()) {
      const std::string& type = chosen_.ungrouped.front().type;
      return not_found(fmt::format("{}{} carries no security group", id,
                                   type.empty() ? "" : fmt::format(" ({})", type)),
                       {});
    }
    return not_found(fmt::format("the log has no record of the interface {}", id),
                     "`weir top interface-id INPUT` shows the interfaces of the log");
  }

  /// Decides whose rules the proposal replaces: a group that nobody else carries, so that nobody
  /// else gets or loses anything.
  void settle_group(Suggestion& proposal) {
    std::sort(proposal.interface_ids.begin(), proposal.interface_ids.end());
    if (network_ == nullptr || proposal.group_ids.empty()) return;
    const std::set<std::string, std::less<>> own(proposal.interface_ids.begin(),
                                                 proposal.interface_ids.end());
    std::set<std::string, std::less<>> shared;
    for (const NetworkInterface& interface : network_->interfaces) {
      if (own.contains(interface.id)) continue;
      const bool is_same = options_.group_id.empty() ? groups_of(interface) == proposal.group_ids
                                                     : carries(interface, options_.group_id);
      if (is_same) ++proposal.silent_interfaces;
      // With one interface chosen, others with the same groups are others.
      if (is_same && options_.interface_id.empty()) continue;
      shared.insert(interface.group_ids.begin(), interface.group_ids.end());
    }
    if (!options_.interface_id.empty()) proposal.silent_interfaces = 0;
    for (const std::string& group : proposal.group_ids) {
      if (!options_.group_id.empty() || !shared.contains(group)) {
        proposal.group_id = group;
        return;
      }
    }
  }

  const SuggestOptions& options_;
  const Network* network_;
  std::span<const ObservedInterface> interfaces_;
  Subjects chosen_;
};

}  // namespace

Result<Subjects> choose_subjects(const SuggestOptions& options,
                                 std::span<const ObservedInterface> interfaces) {
  return Chooser(options, interfaces).choose();
}

}  // namespace weir::suggest
