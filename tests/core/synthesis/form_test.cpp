#include "core/synthesis/form.h"

#include "tests/core/synthesis/problems.h"

namespace synoscope {
namespace {

class Forms : public testing::Test
{
protected:
    SizeId size(const std::string& text)
    {
        VariableTable variables = problem->variables;
        return sizes.intern(*parseSize(text, variables));
    }

    std::shared_ptr<Problem> problem = test::shippedProblem("conv2d-resnet18");
    SizeTable sizes{*problem};
    FormArena forms{sizes, axisImages(*problem)};
    FormId channels = forms.iterator(1, size("C_out"));
    FormId height = forms.iterator(2, size("H"));
};

TEST_F(Forms, HalvesOfOneCutJoinToWhatWasCut)
{
    const auto halves = forms.cut(channels, size("g"));
    EXPECT_TRUE(forms.adjacent(halves.group, halves.block));
    EXPECT_FALSE(forms.adjacent(halves.block, halves.group));
    EXPECT_EQ(forms.join(halves.group, halves.block), channels);
    EXPECT_NE(forms.join(halves.block, halves.group), channels);
}

TEST_F(Forms, AJointIsFoundByACutThere)
{
    const FormId joined = forms.join(height, channels);
    const auto halves = forms.cut(joined, size("C_out"));
    EXPECT_EQ(halves.group, height);
    EXPECT_EQ(halves.block, channels);
}

TEST_F(Forms, TheOrderOfCutsDoesNotMatter)
{
    const auto first = forms.cut(channels, size("s^2"));
    const auto below = forms.cut(first.block, size("s"));
    const auto second = forms.cut(channels, size("s"));
    const auto above = forms.cut(second.group, size("s"));
    EXPECT_EQ(first.group, above.group);
    EXPECT_EQ(below.group, above.block);
    EXPECT_EQ(below.block, second.block);
}

TEST_F(Forms, ACutAcrossDigitsIsNoReshape)
{
    const FormId joined = forms.join(height, forms.sum(0, size("k_1")));
    EXPECT_TRUE(forms.cut(joined, size("s")).acrossDigits);
}

TEST_F(Forms, ShiftsAddUpAndTheirLowPartIsAShift)
{
    EXPECT_EQ(forms.shift(forms.shift(height, 1), 2), forms.shift(height, 3));
    const FormId shifted = forms.shift(forms.join(height, forms.sum(0, size("s"))), 1);
    const auto halves = forms.cut(shifted, size("s"));
    EXPECT_EQ(halves.block, forms.shift(forms.sum(0, size("s")), 1));
    EXPECT_EQ(forms.join(halves.group, halves.block), shifted);
}

TEST_F(Forms, AnImageExchangesTheInterchangeableAxes)
{
    ASSERT_EQ(forms.images(), 2);
    const FormId width = forms.iterator(3, size("H"));
    EXPECT_NE(forms.hash(height, 0), forms.hash(width, 0));
    EXPECT_EQ(forms.hash(height, 0), forms.hash(width, 1));
    const FormId window = forms.sum(0, size("k_1"));
    EXPECT_EQ(forms.hash(forms.unfold(height, window, size("k_1")), 1),
              forms.hash(forms.unfold(width, window, size("k_1")), 0));
}

TEST_F(Forms, LabelsTellEqualReductionsApart)
{
    const FormId first = forms.sum(0, size("k_1"));
    const FormId second = forms.sum(1, size("k_1"));
    SumLabels exchanged;
    exchanged.entries[0] = {forms.whole(first), 1};
    exchanged.entries[1] = {forms.whole(second), 0};
    exchanged.count = 2;
    EXPECT_NE(forms.hash(first, 0), forms.hash(second, 0));
    EXPECT_EQ(forms.hash(first, 0, exchanged), forms.hash(second, 0));
}

} // namespace
} // namespace synoscope
