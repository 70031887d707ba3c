using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Polyphony.Proofs;
using Polyphony.Web.Draws;

namespace Polyphony.Web.Tests.Draws;

public sealed class ReadingDice
{
    private static readonly DeclaredSource[] Dice = [new(DrawSourceKind.Dice, "three dice", 0, DateTimeOffset.UnixEpoch)];

    [Theory]
    [InlineData("4 1 1", "4 1 1")]
    [InlineData("411", "4 1 1")]
    [InlineData(" 0, 0; 7 ", "0 0 7")]
    [InlineData("12345 67890", "1 2 3 4 5 6 7 8 9 0")]
    public void What_was_thrown_is_taken_in_its_order(string typed, string values)
    {
        DrawSource source = Assert.Single(HoldCeremony.Values(Form("value", typed), Dice));
        Assert.True(source.IsWellFormed);
        Assert.Equal(values.Split(' '), source.Values);
    }

    [Theory]
    [InlineData("4 11")]
    [InlineData("4 1 1 x")]
    [InlineData("4 O 0")]
    [InlineData("No. 411")]
    [InlineData("")]
    public void What_may_be_a_slip_draws_nobody(string typed) => Assert.False(Assert.Single(HoldCeremony.Values(Form("value", typed), Dice)).IsWellFormed);

    [Fact]
    public void Three_fields_hold_one_die_each()
    {
        Assert.Equal(["9", "5", "0"], Assert.Single(HoldCeremony.Values(Form("die", "9", "5", "0"), Dice)).Values);
        Assert.False(Assert.Single(HoldCeremony.Values(Form("die", "4", "11", "x"), Dice)).IsWellFormed);
        Assert.False(Assert.Single(HoldCeremony.Values(Form("die", "4", "11", ""), Dice)).IsWellFormed);
    }

    private static FormCollection Form(string name, params string[] values) => new(new Dictionary<string, StringValues> { [name] = values });
}
