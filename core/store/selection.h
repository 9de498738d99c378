// Which candidates meet the conditions of a query: a mark for each, in the blocks of a reader's columns.
#pragma once

#include "core/store/candidate_columns.h"
#include "core/store/reader.h"

namespace synoscope {

// The column of a query among the packed ones; hash has none.
std::optional<Packed> packedOf(CandidateColumn column);

class Selection
{
public:
    // Brings the columns up to date, those that the conditions and `also` need. Within a read transaction; the
    // selection holds as long as the columns are not loaded again.
    static Expected<Selection> of(sqlite::Connection& db, CandidateColumns& columns, const CandidateQuery& query,
                                  PackedSet also);

    std::int64_t count() const;
    bool contains(std::int64_t id) const;
    // Calls `visit(block, place)` for what is selected, in the order of ids or the other way; it returns whether to go on.
    template <typename Visit>
    void visit(bool backwards, Visit visit) const
    {
        const auto blocks = columns_->blocks();
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const std::size_t b = backwards ? blocks.size() - 1 - i : i;
            const std::size_t size = blocks[b].size;
            for (std::size_t k = 0; k < size; ++k) {
                const std::size_t place = backwards ? size - 1 - k : k;
                if ((marks_.empty() || marks_[b][place]) && !visit(blocks[b], place))
                    return;
            }
        }
    }

private:
    using Marks = std::vector<std::vector<char>>; // by block and place

    explicit Selection(CandidateColumns& columns) : columns_(&columns) {}
    Marks marks(char value) const;
    void keepOnly(const Marks& which);
    void keepOnly(std::span<const Packed> columns, const auto& condition);
    Expected<void> keepWord(sqlite::Connection& db, std::span<const ExperimentId> experiments, const std::string& word);

    CandidateColumns* columns_;
    Marks marks_; // empty: all of them
};

} // namespace synoscope
