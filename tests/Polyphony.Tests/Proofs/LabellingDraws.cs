using System.Text.Json.Nodes;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

/// <summary>Draws of several sites from the same values: each under its own label.</summary>
public sealed class LabellingDraws
{
    private const int Panels = 1_000;

    private static readonly DateTimeOffset Start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly DrawSource Beacon = new(DrawSourceKind.Beacon, "drand", 0, [new string('7', 64)]);
    private static readonly DrawSource Dice = new(DrawSourceKind.Dice, "three dice", 0, ["1", "8", "7"]);
    private static readonly string[] Tickets = [.. Enumerable.Range(0, 6).Select(i => i.ToString("x32", System.Globalization.CultureInfo.InvariantCulture))];

    [Fact]
    public void The_label_is_the_name_in_the_index_draw()
    {
        JsonObject manifest = Manifest("FR", Beacon);
        int named = Index(manifest, "FR");
        int sole = Index(manifest, "panel");
        Assert.NotEqual(named, sole);
        Assert.Equal(CheckState.Passed, Chance(manifest, Beacon, "index", named));
        Assert.Equal(CheckState.Failed, Chance(manifest, Beacon, "index", sole));
    }

    [Fact]
    public void Without_a_label_the_name_is_panel()
    {
        JsonObject manifest = Manifest(null, Beacon);
        Assert.False(manifest.ContainsKey("label"));
        Assert.Equal(CheckState.Passed, Chance(manifest, Beacon, "index", Index(manifest, "panel")));
    }

    [Fact]
    public void Three_dice_are_not_the_number_where_there_is_a_label()
    {
        Assert.Equal(CheckState.Passed, Chance(Manifest(null, Dice), Dice, "dice", 187));
        Assert.Equal(CheckState.Failed, Chance(Manifest("FR", Dice), Dice, "dice", 187));

        // Nor do they hold the 128 bits of a draw by index.
        Assert.Equal(CheckState.Failed, Chance(Manifest("FR", Dice), Dice, "index", Index(Manifest("FR", Dice), "FR", Dice)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("F R")]
    [InlineData("é")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_label_of_another_form_is_refused(string label)
    {
        JsonObject manifest = Manifest(label, Beacon);
        IReadOnlyList<DrawCheck> checks = Verify(manifest, Beacon, "index", Index(manifest, label));
        Assert.Equal(new DrawCheck("form", CheckState.Failed), checks[0]);
    }

    [Fact]
    public void The_same_values_draw_different_numbers_at_most_sites()
    {
        int[] drawn = [.. Enumerable.Range(1, 76).Select(site => "S" + site).Select(label => Index(Manifest(label, Beacon), label))];
        Assert.InRange(drawn.Distinct().Count(), 65, 76);
    }

    private static JsonObject Manifest(string? label, DrawSource source) => DrawFiles.PanelManifest(
        new FrozenDraw(1, "world", Start, [new DeclaredSource(source.Kind, source.Name, 0, Start.AddHours(1))], null) { Label = label },
        "panel", "leximin", "Polyphony.Sortition 1.0", Tickets, new byte[32], 1, [], Enumerable.Range(0, Panels).Select(number => Panel(number)));

    private static string[] Panel(int number) => [Tickets[number % Tickets.Length]];

    private static int Index(JsonObject manifest, string name, DrawSource? source = null) =>
        (int)Pd1.Index(Pd1.Key(Pd1.ManifestHash(CanonicalJson.Serialize(manifest)), DrawSource.Seed([source ?? Beacon])), name, Panels).Index;

    private static CheckState Chance(JsonObject manifest, DrawSource source, string how, int chosen) => Verify(manifest, source, how, chosen).Single(check => check.Code == "chance").State;

    private static IReadOnlyList<DrawCheck> Verify(JsonObject manifest, DrawSource source, string how, int chosen) =>
        DrawVerifier.Verify(new DrawEvidence(CanonicalJson.Serialize(DrawFiles.Record(manifest, Start.AddHours(2), how, [source], chosen, Panel(chosen)))));
}
