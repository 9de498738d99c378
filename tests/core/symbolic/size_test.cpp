#include "core/symbolic/size.h"

#include <gtest/gtest.h>

namespace synoscope {
namespace {

class SizeTest : public testing::Test
{
protected:
    SizeTest()
    {
        (void)variables.addPrimary("C_in");
        (void)variables.addPrimary("N");
        (void)variables.addCoefficient("k", 3);
        (void)variables.addCoefficient("g", 32);
    }
    Size parse(std::string_view text) { return *parseSize(text, variables); }
    std::string roundTrip(std::string_view text) { return toString(parse(text), variables); }

    VariableTable variables;
};

TEST_F(SizeTest, PrintsOneFormForEverySpelling)
{
    EXPECT_EQ(roundTrip("C_in/g"), "C_in*g^-1");
    EXPECT_EQ(roundTrip("g^-1*C_in"), "C_in*g^-1");
    EXPECT_EQ(roundTrip("k*k"), "k^2");
    EXPECT_EQ(roundTrip("k/k"), "1");
    EXPECT_EQ(roundTrip("6*k*2"), "12*k");
    EXPECT_EQ(roundTrip("C_in/4"), "C_in*2^-2");
}

TEST_F(SizeTest, ParsesWhatItPrints)
{
    for (const std::string_view text : {"12*N*C_in^2*k^-3", "C_in*2^-2*g", "97*k", "1"})
        EXPECT_EQ(parse(roundTrip(text)), parse(text)) << text;
}

// Numbers are folded as far as they can be read back.
TEST_F(SizeTest, ParsesThePowersThatAreTooLargeForANumber)
{
    EXPECT_EQ(roundTrip("2^29"), "536870912");
    EXPECT_EQ(roundTrip("2^30"), "2^30");
    EXPECT_EQ(roundTrip("2^30*3*N"), "3*N*2^30");
    EXPECT_EQ(roundTrip("1000000000*N"), "1000000000*N");
    for (const char* text : {"2^30", "2^60", "3*2^30", "999999937^60", "1000000000*1000000000", "2^29*3^20*5"}) {
        const Size size = parse(text);
        EXPECT_EQ(parse(toString(size, variables)), size) << text;
    }
}

TEST_F(SizeTest, RefusesWhatIsNoSizeAndSaysWhere)
{
    VariableTable table = variables;
    EXPECT_EQ(parseSize("C_in*", table).error().column, 6);
    EXPECT_EQ(parseSize("C_in*x", table).error().column, 6);
    EXPECT_EQ(parseSize("C_in k", table).error().column, 5);
    EXPECT_FALSE(parseSize("", table));
    EXPECT_FALSE(parseSize("0", table));
    EXPECT_FALSE(parseSize("k^999", table));
    EXPECT_FALSE(parseSize("k^60*k^60", table));
    EXPECT_FALSE(parseSize("99999999999999999999", table));
    EXPECT_FALSE(parseSize("2x", table));
}

TEST_F(SizeTest, EvaluatesToWholeNumbersOnly)
{
    Binding binding;
    binding.set(*variables.find("C_in"), 64);
    binding.fillDefaults(variables);
    EXPECT_EQ(evaluate(parse("C_in/g*k"), binding), 6);
    EXPECT_EQ(evaluate(parse("C_in/k"), binding), std::nullopt);
    EXPECT_EQ(evaluate(parse("N"), binding), std::nullopt);
    EXPECT_EQ(evaluate(parse("C_in^60"), binding), std::nullopt);
}

TEST_F(SizeTest, LegalityFollowsTheDefinition)
{
    EXPECT_TRUE(isLegal(parse("C_in/g"), variables));
    EXPECT_TRUE(isLegal(parse("k"), variables));
    EXPECT_FALSE(isLegal(parse("k/k"), variables));
    EXPECT_FALSE(isLegal(parse("k/C_in"), variables));
    EXPECT_FALSE(isLegal(parse("k/g"), variables));
}

TEST_F(SizeTest, TextDoesNotDependOnTheOrderOfDeclaration)
{
    VariableTable other;
    (void)other.addCoefficient("g", 32);
    (void)other.addPrimary("N");
    (void)other.addPrimary("C_in");
    EXPECT_EQ(toString(*parseSize("g*N*C_in", other), other), roundTrip("g*N*C_in"));
}

TEST_F(SizeTest, TablesRefuseBadNames)
{
    EXPECT_FALSE(variables.addPrimary("N"));
    EXPECT_FALSE(variables.addPrimary("2k"));
    EXPECT_FALSE(variables.addCoefficient("s", 0));
    for (int i = variables.size(); i < maxVariables; ++i)
        EXPECT_TRUE(variables.addPrimary("v" + std::to_string(i)));
    EXPECT_FALSE(variables.addPrimary("tooMany"));
}

} // namespace
} // namespace synoscope
