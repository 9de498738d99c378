// Evaluates digits (digits.h) point by point: the innermost loop below factors.h.
#pragma once

#include "core/graph/digits.h"

namespace synoscope {

// The points of one group of free digits, one after the other.
class DigitWalk
{
public:
    DigitWalk(const DigitForm& form, std::uint64_t group, const std::vector<bool>& needed)
        : values_(form.atoms().size())
    {
        for (std::uint32_t id = 0; id < form.atoms().size(); ++id) {
            const Atom& atom = form.atoms()[id];
            // Constants (a Shift of what a Stride makes) belong to every group.
            const bool here = (atom.free & group) != 0 || atom.free == 0;
            if (!needed[id] || !here || atom.kind == AtomKind::zero)
                continue;
            if (atom.kind == AtomKind::free)
                free_.push_back({id, atom.extent});
            else
                steps_.push_back({&atom, id});
        }
    }

    std::int64_t points() const { return extentOf(free_); }

    // Calls visit() at every point that no guard removes.
    template <typename Visit>
    void forEach(const Visit& visit)
    {
        do {
            if (evaluate())
                visit();
        } while (next());
    }

    std::int64_t value(std::span<const Digit> number) const
    {
        std::int64_t value = 0;
        for (const Digit& digit : number)
            value = value * digit.extent + values_[digit.atom];
        return value;
    }

private:
    bool next()
    {
        for (std::size_t i = free_.size(); i-- > 0;) {
            if (++values_[free_[i].atom] < free_[i].extent)
                return true;
            values_[free_[i].atom] = 0;
        }
        return false;
    }

    bool evaluate()
    {
        for (const auto& [atom, id] : steps_) {
            std::int64_t result = value(atom->a);
            if (atom->kind == AtomKind::rotate) {
                result = (result + atom->amount) % atom->extent;
            } else if (atom->kind == AtomKind::quotient) {
                result /= atom->amount;
            } else if (atom->kind == AtomKind::remainder) {
                result %= atom->amount;
            } else {
                result += value(atom->b) - atom->amount;
                if (result < 0 || result >= atom->extent)
                    return false;
            }
            values_[id] = result;
        }
        return true;
    }

    struct Step
    {
        const Atom* atom;
        std::uint32_t id;
    };
    std::vector<std::int64_t> values_;
    Digits free_;
    std::vector<Step> steps_;
};

} // namespace synoscope
