using Polyphony.Web.Shared.Figures;

namespace Polyphony.Web.Tests.Insights;

/// <summary>Sites with one rounded share stand on each other, and none behind another.</summary>
public sealed class StackingDots
{
    [Fact]
    public void No_dot_covers_another_and_all_are_in_the_figure()
    {
        Random random = new(1);
        for (int count = 0; count < 120; count++)
        {
            double[] across = [.. Enumerable.Range(0, count).Select(_ => 12 + (28.8 * random.Next(21)))];
            DotStack stack = DotStack.Of(across);
            Assert.All(stack.Offsets, offset => Assert.True(Math.Abs(offset) + stack.Radius <= stack.Middle));
            for (int one = 0; one < count; one++)
            {
                for (int other = 0; other < one; other++)
                {
                    Assert.True(Math.Abs(across[one] - across[other]) >= 2 * stack.Radius || Math.Abs(stack.Offsets[one] - stack.Offsets[other]) >= 2 * stack.Radius, $"{count} dots: {one} covers {other}");
                }
            }
        }
    }

    [Fact]
    public void Dots_that_stand_apart_stay_on_the_line() => Assert.Equal((34, 0), (DotStack.Of([20, 60, 300]).Height, DotStack.Of([20, 60, 300]).Offsets.Sum(Math.Abs)));
}
