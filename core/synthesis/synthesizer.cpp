// The face of the engine.
#include "core/synthesis/synthesizer.h"

#include "core/base/hash.h"
#include "core/synthesis/generator.h"

namespace synoscope {

Synthesizer::Synthesizer(std::shared_ptr<const Problem> problem)
    : engine_(std::make_unique<SynthesisEngine>(std::move(problem)))
{}
Synthesizer::~Synthesizer() = default;
Synthesizer::Synthesizer(Synthesizer&&) noexcept = default;
Synthesizer& Synthesizer::operator=(Synthesizer&&) noexcept = default;
const Problem& Synthesizer::problem() const
{
    return *engine_->problem;
}
StateId Synthesizer::root() const
{
    return engine_->root();
}
std::span<const Move> Synthesizer::moves(StateId state)
{
    moves_ = engine_->moves(state);
    return moves_;
}
StateId Synthesizer::apply(StateId state, const Move& move)
{
    return engine_->apply(state, move);
}
bool Synthesizer::isFinal(StateId state) const
{
    return (*engine_)[state].final;
}
int Synthesizer::depth(StateId state) const
{
    return (*engine_)[state].tally.depth();
}
std::uint64_t Synthesizer::key(StateId state) const
{
    return engine_->key(state);
}

std::uint16_t Synthesizer::kinds(StateId state) const
{
    std::uint16_t mask = 0;
    for (int kind = 0; kind < moveKinds; ++kind)
        mask |= static_cast<std::uint16_t>(((*engine_)[state].tally.used[kind] != 0) << kind);
    return mask;
}

std::optional<Rollout> Synthesizer::rollout(StateId from, const Steering& steering, Random& random, int effort)
{
    return engine_->rollout(from, steering, random, effort);
}

bool Synthesizer::isExhausted(StateId state) const
{
    return engine_->isExhausted(state);
}
void Synthesizer::share(std::shared_ptr<Sharing> sharing, int thread)
{
    engine_->share(std::move(sharing), thread);
}
void Synthesizer::share(std::shared_ptr<SharedOperators> operators)
{
    engine_->share(std::move(operators));
}

bool Synthesizer::allowed(StateId state, const Move& move, const Steering& steering) const
{
    return engine_->allowed((*engine_)[state].tally, move, steering);
}

bool Synthesizer::isDead(StateId state, const Steering& steering) const
{
    return engine_->isDead(state, 0) || (!steering.empty() && engine_->isDead(state, steering.fingerprint()));
}

PGraph Synthesizer::build(StateId final) const
{
    return engine_->build(final);
}

std::string Synthesizer::fingerprint(StateId final) const
{
    return engine_->fingerprint(final);
}

OperatorCost Synthesizer::cost(StateId final) const
{
    return engine_->cost(final);
}
std::string Synthesizer::describe(StateId state, const Move& move) const
{
    return engine_->describe(engine_->load(state), edgeAs(*engine_, state, move));
}
std::vector<Refusal> Synthesizer::refusals(StateId state)
{
    return engine_->refusals(state);
}
std::vector<RuleCount> Synthesizer::ruleCounts() const
{
    return engine_->rules.counts();
}
std::size_t Synthesizer::states() const
{
    return engine_->stateCount();
}
std::size_t Synthesizer::memoryBytes() const
{
    return engine_->memoryBytes();
}

std::string_view toString(MoveKind kind)
{
    static constexpr std::array<std::string_view, moveKinds> names{"reduce", "contraction", "shift", "stride",  "split",
                                                                   "unfold", "expand",      "merge", "finalize"};
    return names[static_cast<std::size_t>(kind)];
}

std::uint64_t Steering::fingerprint() const
{
    if (empty())
        return 0;
    std::uint64_t hash = mix(forbiddenKinds | std::uint64_t{requiredKinds} << 32);
    std::uint64_t sizes = 0;
    for (const auto& [kind, size] : forbiddenSizes)
        sizes += mix(combine(size.hash(), static_cast<std::uint64_t>(kind)));
    hash = combine(hash, sizes);
    return hash == 0 ? 1 : hash;
}

} // namespace synoscope
