// The operators the search knows: by the key of their final state, by canonical hash, by fingerprint.
#pragma once

#include "core/search/reward.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace synoscope {

// An operator known from elsewhere (the store): with its reward, it is rewarded when found instead of being evaluated.
struct KnownOperator
{
    std::string hash;
    std::string fingerprint; // empty: not known
    std::optional<double> reward{};
    bool failed = false;
    std::string reason{}; // why it failed
};

// An operator whose ways steering has closed (all of them), or opened again.
struct CandidateMark
{
    std::string hash;
    bool open = true;
    friend bool operator==(const CandidateMark&, const CandidateMark&) = default;
};

struct FoundOperator
{
    enum class State : std::uint8_t { unseen, pending, rewarded, failed };

    std::string hash;
    std::string fingerprint;
    std::string reason; // why it failed
    Reward reward{};
    State state = State::unseen; // unseen: not found in this search, or given back without an answer
    bool marked = false;         // waits in the list of marks
    bool shownOpen = true;       // as the last mark said
    std::uint32_t found = 0;     // iterations that ended here
    std::uint32_t open = 0;      // of those, the open ones

    bool answered() const { return state == State::rewarded || state == State::failed; }
};

class CandidateTable
{
public:
    static constexpr std::uint32_t none = 0xffffffffu;

    FoundOperator& operator[](std::uint32_t id) { return candidates_[id]; }
    const FoundOperator& operator[](std::uint32_t id) const { return candidates_[id]; }
    std::size_t size() const { return candidates_.size(); }

    std::uint32_t byKey(std::uint64_t finalKey) const { return lookUp(byKey_, finalKey); }
    std::uint32_t byHash(const std::string& hash) const { return lookUp(byHash_, hash); }
    std::uint32_t byFingerprint(const std::string& print) const { return lookUp(byFingerprint_, print); }

    std::uint32_t add(std::string hash, std::string fingerprint);
    void nameKey(std::uint64_t finalKey, std::uint32_t id) { byKey_.emplace(finalKey, id); }
    void nameHash(const std::string& hash, std::uint32_t id) { byHash_.emplace(hash, id); }
    void setFingerprint(std::uint32_t id, const std::string& fingerprint);

    // One more iteration ended at the candidate. How often candidates were found estimates how many there are.
    void countFound(std::uint32_t id);
    void countOpen(std::uint32_t id, int sign);
    std::uint64_t foundOnce() const { return once_; }
    std::uint64_t foundTwice() const { return twice_; }

    std::vector<CandidateMark> drainMarks();
    std::size_t memoryBytes() const;

private:
    template <typename Map, typename Key>
    static std::uint32_t lookUp(const Map& map, const Key& key)
    {
        const auto found = map.find(key);
        return found == map.end() ? none : found->second;
    }

    std::vector<FoundOperator> candidates_;
    std::unordered_map<std::uint64_t, std::uint32_t> byKey_;
    std::unordered_map<std::string, std::uint32_t> byHash_;
    std::unordered_map<std::string, std::uint32_t> byFingerprint_;
    std::vector<std::uint32_t> marks_;
    std::uint64_t once_ = 0;
    std::uint64_t twice_ = 0;
};

} // namespace synoscope
