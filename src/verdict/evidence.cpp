// SPDX-License-Identifier: Apache-2.0
// verdict: conversations -> which peers were accepted at which ports.
#include <mutex>

#include "verdict/bounded_table.hpp"
#include "weir/verdict.hpp"

namespace weir {
namespace {

/// A service as one number: its protocol and port.
using Service = std::uint32_t;

Service service_of(std::uint8_t protocol, std::uint16_t port) noexcept {
  return static_cast<Service>(protocol) << 16 | port;
}

verdict::TableKey port_key(const Evidence::Opening& opening) noexcept {
  const auto side = static_cast<std::uint64_t>(opening.side);
  return {.address = {},
          .number = static_cast<std::uint64_t>(opening.interface) << 32 | side << 24 |
                    service_of(opening.protocol, opening.port)};
}

verdict::TableKey peer_key(const Evidence::Opening& opening, const Ip& peer) noexcept {
  return {.address = peer,
          .number = static_cast<std::uint64_t>(opening.interface) << 8 |
                    static_cast<std::uint64_t>(opening.side)};
}

/// What was accepted, as it is gathered and as it is kept.
struct Accepted {
  explicit Accepted(std::size_t most) : peers_of_ports(most), services_of_peers(most) {}

  verdict::BoundedTable<Ip> peers_of_ports;
  verdict::BoundedTable<Service> services_of_peers;
};

/// What all gatherers have handed over.
struct SharedAccepted {
  explicit SharedAccepted(std::size_t most) : accepted(most) {}

  void absorb(const Accepted& more) {
    const std::lock_guard lock(mutex);
    accepted.peers_of_ports.absorb(more.peers_of_ports);
    accepted.services_of_peers.absorb(more.services_of_peers);
  }

  std::mutex mutex;  // while there are gatherers
  Accepted accepted;
};

/// Entries that a gatherer keeps before it hands them over.
constexpr std::size_t kOwnEntries = std::size_t{3} << 12;

class AcceptedGatherer final : public Evidence::Gatherer {
 public:
  AcceptedGatherer(std::span<const ObservedInterface> interfaces, SharedAccepted& shared)
      : interfaces_(interfaces), shared_(shared), accepted_(kOwnEntries) {}

  void take(std::span<const Conversation> conversations) override {
    for (const Conversation& conversation : conversations) {
      // Nobody asks about an interface that rejects nothing.
      if (conversation.forward.accepted == 0 || conversation.opened == Side::unknown ||
          interfaces_[conversation.interface].rejected == 0) {
        continue;
      }
      const Evidence::Opening opening{.interface = conversation.interface,
                                      .side = conversation.opened,
                                      .protocol = conversation.protocol,
                                      .port = conversation.server_port};
      if (accepted_.peers_of_ports.size() == kOwnEntries ||
          accepted_.services_of_peers.size() == kOwnEntries) {
        hand_over();
      }
      const Ip& peer = conversation.remote();
      const Service service = service_of(opening.protocol, opening.port);
      accepted_.peers_of_ports.see(port_key(opening), peer, peer);
      accepted_.services_of_peers.see(peer_key(opening, peer), service, service);
    }
  }

  const Accepted& accepted() const noexcept { return accepted_; }

 private:
  void hand_over() {
    shared_.absorb(accepted_);
    accepted_.peers_of_ports.clear();
    accepted_.services_of_peers.clear();
  }

  std::span<const ObservedInterface> interfaces_;
  SharedAccepted& shared_;
  Accepted accepted_;
};

}  // namespace

struct Evidence::State : SharedAccepted {
  using SharedAccepted::SharedAccepted;
};

Evidence::Evidence(std::size_t most) : state_(std::make_unique<State>(most)) {}
Evidence::~Evidence() = default;
Evidence::Evidence(Evidence&&) noexcept = default;
Evidence& Evidence::operator=(Evidence&&) noexcept = default;

std::unique_ptr<Evidence::Gatherer> Evidence::gatherer(
    std::span<const ObservedInterface> interfaces) {
  return std::make_unique<AcceptedGatherer>(interfaces, *state_);
}

void Evidence::absorb(const Gatherer& gatherer) {
  // Every gatherer comes from gatherer().
  state_->absorb(static_cast<const AcceptedGatherer&>(gatherer).accepted());
}

bool Evidence::is_complete() const noexcept {
  return state_->accepted.peers_of_ports.is_complete() &&
         state_->accepted.services_of_peers.is_complete();
}

Evidence::AtPort Evidence::at_port(const Opening& opening, const Ip& peer) const noexcept {
  const auto* seen = state_->accepted.peers_of_ports.find(port_key(opening));
  if (seen == nullptr) return {};
  AtPort found{.peer = false, .others = !(seen->least == peer && seen->most == peer)};
  const auto* services = state_->accepted.services_of_peers.find(peer_key(opening, peer));
  if (services == nullptr) return found;
  // Between the least and the most there may be others, which are not kept: `peer` is said only of
  // what is known.
  const Service service = service_of(opening.protocol, opening.port);
  found.peer = services->least == service || services->most == service;
  return found;
}

bool Evidence::elsewhere(const Opening& opening, const Ip& peer) const noexcept {
  const auto* seen = state_->accepted.services_of_peers.find(peer_key(opening, peer));
  const Service service = service_of(opening.protocol, opening.port);
  return seen != nullptr && !(seen->least == service && seen->most == service);
}

}  // namespace weir
