// A growing array whose elements never move: growing costs what is new, where a vector would now and then copy all it has, which
// takes a frame's time with a million elements. An index is one more step away.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace synoscope {

template <typename Value, std::size_t chunkSize = std::size_t{1} << 14>
class ChunkedArray
{
public:
    Value& operator[](std::size_t i) { return chunks_[i / chunkSize][i % chunkSize]; }
    const Value& operator[](std::size_t i) const { return chunks_[i / chunkSize][i % chunkSize]; }
    std::size_t size() const { return size_; }

    // To `size` elements at least; new ones are value-initialised.
    void grow(std::size_t size)
    {
        while (chunks_.size() * chunkSize < size)
            chunks_.push_back(std::make_unique<Value[]>(chunkSize));
        size_ = size > size_ ? size : size_;
    }

private:
    std::vector<std::unique_ptr<Value[]>> chunks_;
    std::size_t size_ = 0;
};

} // namespace synoscope
