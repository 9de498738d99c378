#include "core/search/candidates.h"

namespace synoscope {

std::uint32_t CandidateTable::add(std::string hash, std::string fingerprint)
{
    const auto id = static_cast<std::uint32_t>(candidates_.size());
    FoundOperator& candidate = candidates_.emplace_back();
    candidate.hash = std::move(hash);
    byHash_.emplace(candidate.hash, id);
    setFingerprint(id, fingerprint);
    return id;
}

void CandidateTable::setFingerprint(std::uint32_t id, const std::string& fingerprint)
{
    if (fingerprint.empty() || !candidates_[id].fingerprint.empty())
        return;
    candidates_[id].fingerprint = fingerprint;
    byFingerprint_.emplace(fingerprint, id);
}

void CandidateTable::countFound(std::uint32_t id)
{
    FoundOperator& candidate = candidates_[id];
    once_ -= candidate.found == 1;
    twice_ -= candidate.found == 2;
    ++candidate.found;
    once_ += candidate.found == 1;
    twice_ += candidate.found == 2;
}

void CandidateTable::countOpen(std::uint32_t id, int sign)
{
    FoundOperator& candidate = candidates_[id];
    candidate.open += static_cast<std::uint32_t>(sign);
    const bool open = candidate.open > 0;
    if (open != candidate.shownOpen && !candidate.marked) {
        candidate.marked = true;
        marks_.push_back(id);
    }
}

std::vector<CandidateMark> CandidateTable::drainMarks()
{
    std::vector<CandidateMark> marks;
    for (const std::uint32_t id : marks_) {
        FoundOperator& candidate = candidates_[id];
        candidate.marked = false;
        const bool open = candidate.open > 0;
        if (open == candidate.shownOpen)
            continue; // closed and opened again in between
        candidate.shownOpen = open;
        marks.push_back({candidate.hash, open});
    }
    marks_.clear();
    return marks;
}

std::size_t CandidateTable::memoryBytes() const
{
    // The hash and the fingerprint are 32 characters each, twice; a map entry has a node and a share of the buckets.
    constexpr std::size_t text = 33 + 16;
    constexpr std::size_t entry = 48;
    return candidates_.capacity() * sizeof(FoundOperator) + candidates_.size() * 2 * text + byKey_.size() * entry +
           (byHash_.size() + byFingerprint_.size()) * (entry + sizeof(std::string) + text);
}

} // namespace synoscope
