// Errors as values: a sentence for the user, a place, and details for the log.
//
// Functions that can fail on what a person gave them return Expected<T>. Exceptions are for the exceptional
// (out of memory), assertions for the impossible.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace synoscope {

struct Error
{
    std::string message; // one sentence: what is wrong, and what was expected
    std::string file{};  // empty when no file is involved
    int line = 0;        // 1-based; 0: unknown
    int column = 0;      // 1-based; 0: unknown
    std::string details{};

    // "file:line:column: message", leaving out what is unknown.
    std::string text() const;
};

template <typename T>
class [[nodiscard]] Expected
{
public:
    Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Expected(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool hasValue() const { return state_.index() == 0; }
    explicit operator bool() const { return hasValue(); }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(value()); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    Error& error() { return *std::get_if<1>(&state_); }
    const Error& error() const { return *std::get_if<1>(&state_); }

private:
    T& value()
    {
        assert(hasValue());
        return *std::get_if<0>(&state_);
    }
    const T& value() const
    {
        assert(hasValue());
        return *std::get_if<0>(&state_);
    }

    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Expected<void>
{
public:
    Expected() = default;
    Expected(Error error) : error_(std::move(error)), failed_(true) {}

    bool hasValue() const { return !failed_; }
    explicit operator bool() const { return hasValue(); }

    Error& error() { return error_; }
    const Error& error() const { return error_; }

private:
    Error error_;
    bool failed_ = false;
};

} // namespace synoscope
