#include "app/cli/relation.h"

#include "core/graph/fingerprint.h"
#include "core/graph/writer.h"

namespace synoscope::cli {

Relation relationOf(const PGraph& a, const PGraph& b)
{
    if (canonicalHash(a) == canonicalHash(b))
        return Relation::sameForm;
    const bool same = fingerprint(a) == fingerprint(b) || fingerprint(a.withBindings({})) == fingerprint(b.withBindings({}));
    return same ? Relation::sameFunction : Relation::different;
}

} // namespace synoscope::cli
