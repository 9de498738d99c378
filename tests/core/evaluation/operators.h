// Operators in .pgraph text for these tests.
#pragma once

#include "core/graph/reader.h"

#include <gtest/gtest.h>

namespace synoscope {

inline PGraph parse(const std::string& text)
{
    auto graph = parsePGraph(text, "test");
    if (!graph) {
        ADD_FAILURE() << graph.error().text();
        std::abort();
    }
    return *graph;
}

inline const std::string conv2dText = R"(pgraph 1
name conv2d
primary N C_in C_out H W
coefficient k=3
input n:N c:C_in y:H x:W
weight w0 o:C_out c:C_in ky:k kx:k
y1, wy = unfold y k
x1, wx = unfold x k
a = share wy w0.ky
b = share wx w0.kx
d = share c w0.c
e = expand C_out
f = share e w0.o
reduce a b d
output n f y1 x1
bind N=1 C_in=16 C_out=32 H=16 W=16
bind N=1 C_in=32 C_out=32 H=8 W=8
)";

inline const std::string pointwiseText = R"(pgraph 1
name pointwise
primary N C_in C_out H W
input n:N c:C_in y:H x:W
weight w0 o:C_out c:C_in
d = share c w0.c
e = expand C_out
f = share e w0.o
reduce d
output n f y x
)";

inline const std::string linearText = R"(pgraph 1
name linear
primary N L D_in D_out
input n:N l:L d:D_in
weight w0 o:D_out d:D_in
a = share d w0.d
e = expand D_out
f = share e w0.o
reduce a
output n l f
bind N=1 L=6 D_in=8 D_out=10
)";

// Needs channels in groups of 24: stands in no slot of the tiny backbone.
inline const std::string groupedText = R"(pgraph 1
name grouped
primary N C_in C_out H W
coefficient g=24
input n:N c:C_in y:H x:W
weight w0 o:C_out c:C_in*g^-1
p, q = split c C_in*g^-1
d = share q w0.c
e = expand C_out
f = share e w0.o
reduce d p
output n f y x
)";

} // namespace synoscope
