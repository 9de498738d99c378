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
bind N=1 C_in=16 C_out=32 H=8 W=8
)";

// Two weights over a low-rank axis; square images.
inline const std::string lowRankText = R"(pgraph 1
name low_rank
primary N C_in C_out H
coefficient k=3 r=4
input n:N c:C_in y:H x:H
weight w0 t:r c:C_in ky:k
weight w1 o:C_out t:r kx:k
y1, wy = unfold y k
x1, wx = unfold x k
a = share wy w0.ky
d = share c w0.c
t = expand r
t1 = share t w0.t
t2 = share t1 w1.t
b = share wx w1.kx
e = expand C_out
f = share e w1.o
reduce a b d t2
output n f y1 x1
bind N=1 C_in=16 C_out=16 H=8
)";

// A depthwise convolution of a rolled image, then a mixing of channel groups.
inline const std::string shiftedText = R"(pgraph 1
name shifted
primary N C_in C_out H W
coefficient k=3 g=4
input n:N c:C_in y:H x:W
weight w0 g:g c:C_in*g^-1 kx:k
weight w1 o:C_out g:g c:C_in*g^-1
z = shift y 1
x1, wx = unfold x k
c1, c2 = split c C_in*g^-1
a = share c1 w0.g
b = share c2 w0.c
d = share wx w0.kx
a1 = share a w1.g
b1 = share b w1.c
e = expand C_out
f = share e w1.o
reduce a1 b1 d
output n f z x1
bind N=1 C_in=16 C_out=16 H=8 W=8
)";

} // namespace synoscope
