using System.Text;
using System.Text.Json.Nodes;

namespace Polyphony.Proofs;

/// <summary>What came of a check. A check that was not performed never reads as passed: it is the default.</summary>
public enum CheckState
{
    /// <summary>Nothing was compared: a file is missing, or this program cannot do it.</summary>
    NotPerformed = 0,

    /// <summary>It was computed again and agrees.</summary>
    Passed = 1,

    /// <summary>It was computed again and does not agree.</summary>
    Failed = 2,
}

/// <summary>One check of a draw.</summary>
/// <param name="Code">Which one, of <see cref="DrawVerifier.Codes"/>.</param>
/// <param name="State">What came of it.</param>
public sealed record DrawCheck(string Code, CheckState State);

/// <summary>What somebody has of a draw: the bytes of its files, exactly as published.</summary>
/// <param name="Record">record.json.</param>
public sealed record DrawEvidence(byte[] Record)
{
    /// <summary>manifest.json as it was published at the freeze; null: only the one inside the record is looked at.</summary>
    public byte[]? Manifest { get; init; }

    /// <summary>panels.json; null: the numbered panels are not recomputed.</summary>
    public byte[]? Panels { get; init; }

    /// <summary>A person's own proof file; null: nobody's is checked.</summary>
    public byte[]? Person { get; init; }

    /// <summary>record.json of the draw before a draw of replacements; null: that they go on from it is not checked.</summary>
    public byte[]? Before { get; init; }

    /// <summary>The manifest's hash as it was seen elsewhere before the draw (a newspaper, a notary), in hexadecimal; null: unknown.</summary>
    public string? KnownManifestHash { get; init; }

    /// <summary>The log's public key as it is known from elsewhere; null: the one in the manifest is taken.</summary>
    public string? KnownLogKey { get; init; }
}

/// <summary>What the files say of one ticket.</summary>
/// <param name="Place">Its place in the pool, from 0; null when it is not in the pool.</param>
/// <param name="IsSelected">Whether it was drawn.</param>
/// <param name="Panels">In how many numbered panels it is; null without panels.json.</param>
/// <param name="Of">Number of panels.</param>
public sealed record TicketFinding(int? Place, bool IsSelected, int? Panels, int Of);

/// <summary>Verifies a draw from its published files alone, as docs/draw-specification.md section 9 lists it.</summary>
/// <remarks>tools/verify_draw.py and src/Polyphony.Web/Scripts/verify-draw.ts do the same without any code of this; a test compares them on thousands of draws.</remarks>
public static class DrawVerifier
{
    /// <summary>All checks, in the order in which they are answered.</summary>
    public static readonly IReadOnlyList<string> Codes = ["form", "manifest", "anchor", "tickets", "times", "seed", "chance", "selected", "panels", "person", "before", "log", "signature", "quotas"];

    /// <summary>Performs every check that the evidence allows.</summary>
    /// <param name="evidence">The files.</param>
    /// <returns>One check for each of <see cref="Codes"/>. Where <c>form</c> failed nothing else was performed; <c>quotas</c> never is, because it needs the organiser's list.</returns>
    public static IReadOnlyList<DrawCheck> Verify(DrawEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (PublishedDraw.Read(evidence.Record) is not { } draw)
        {
            return [.. Codes.Select(code => new DrawCheck(code, code == "form" ? CheckState.Failed : CheckState.NotPerformed))];
        }

        CheckState seed = State(SeedIsGood(draw));
        bool logged = draw.LogKey is not null || draw.Log is not null;
        return
        [
            new("form", CheckState.Passed),
            new("manifest", State(draw.StatedHash == draw.ManifestHash && (evidence.Manifest is null || evidence.Manifest.AsSpan().SequenceEqual(draw.ManifestBytes)))),
            new("anchor", evidence.KnownManifestHash is { } known ? State(string.Equals(known.Trim(), draw.ManifestHash, StringComparison.OrdinalIgnoreCase)) : CheckState.NotPerformed),
            new("tickets", State(TicketsAreGood(draw))),
            new("times", draw.FrozenAt is null ? CheckState.NotPerformed : State(TimesAreGood(draw))),
            new("seed", seed),
            new("chance", seed == CheckState.Passed ? State(ChanceIsGood(draw)) : CheckState.NotPerformed),
            new("selected", State(draw.HasPanels ? PanelIsGood(draw) : OrderIsGood(draw))),
            new("panels", evidence.Panels is { } panels ? State(ReadPanels(draw, panels) is not null) : CheckState.NotPerformed),
            new("person", evidence.Person is { } person ? State(PersonIsGood(draw, person)) : CheckState.NotPerformed),
            new("before", evidence.Before is { } before ? State(BeforeIsGood(draw, before)) : CheckState.NotPerformed),
            new("log", logged ? State(LogIsGood(draw)) : CheckState.NotPerformed),
            new("signature", logged ? State(SignatureIsGood(draw, evidence.KnownLogKey)) : CheckState.NotPerformed),
            new("quotas", CheckState.NotPerformed),
        ];
    }

    /// <summary>Whether a record is written as the specification asks, whatever it says.</summary>
    /// <param name="record">record.json.</param>
    /// <returns>What the check <c>form</c> would say.</returns>
    public static bool HasForm(byte[] record) => PublishedDraw.Read(record) is not null;

    /// <summary>Whether a draw is what it says: nothing failed, and what any record allows was performed.</summary>
    /// <param name="checks">What <see cref="Verify"/> gave.</param>
    /// <returns>False also when a check that needs no more than the record was not performed; but a record that states no times may hold, and <c>times</c> says so.</returns>
    public static bool Holds(IReadOnlyList<DrawCheck> checks)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.All(check => check.State != CheckState.Failed)
            && checks.Count(check => check is { State: CheckState.Passed, Code: "form" or "manifest" or "tickets" or "seed" or "chance" or "selected" }) == 6;
    }

    /// <summary>Looks a ticket up.</summary>
    /// <param name="evidence">The files; verify them too.</param>
    /// <param name="ticket">32 hexadecimal digits, in any case, with blanks at the ends.</param>
    /// <returns>Null when the record has no valid form or is not a draw of panels.</returns>
    public static TicketFinding? Find(DrawEvidence evidence, string ticket)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(ticket);
        if (PublishedDraw.Read(evidence.Record) is not { HasPanels: true } draw)
        {
            return null;
        }

        string wanted = ticket.Trim().ToLowerInvariant();
        int place = draw.Tickets.IndexOf(wanted);
        IReadOnlyList<TicketText>? panels = evidence.Panels is { } file ? ReadPanels(draw, file) : null;
        byte[] bytes = Encoding.UTF8.GetBytes(wanted);
        return new(place < 0 ? null : place, draw.Selected.Contains(wanted), panels?.Count(panel => panel.Contains(bytes)), draw.PanelHashes.Count);
    }

    private static CheckState State(bool good) => good ? CheckState.Passed : CheckState.Failed;

    private static bool Ascends(IReadOnlyList<string> texts)
    {
        for (int i = 1; i < texts.Count; i++)
        {
            if (string.CompareOrdinal(texts[i - 1], texts[i]) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TicketsAreGood(PublishedDraw draw) => Ascends(draw.Leaving) && Ascends(draw.Staying) && !draw.Leaving.Intersect(draw.Staying).Any()
        && (!draw.HasPanels || (Ascends(draw.Tickets) && draw.Tickets.Count == draw.PoolSize && draw.Size <= draw.PoolSize && draw.Staying.Count < draw.Size));

    private static bool TimesAreGood(PublishedDraw draw) =>
        draw.Sources.All(source => string.CompareOrdinal(draw.FrozenAt, source.At) < 0 && string.CompareOrdinal(source.At, draw.DrawnAt) <= 0);

    private static bool SeedIsGood(PublishedDraw draw) =>
        draw.Values.Count == draw.Sources.Count && draw.WithValues.All(source => source.IsWellFormed) && DrawSource.Seed(draw.WithValues) == draw.Seed;

    private static bool ChanceIsGood(PublishedDraw draw)
    {
        // With a label the same dice serve several draws: as the number itself they would pick the same one everywhere.
        if (draw.HasPanels && draw.Label is null && draw.WithValues is [{ Kind: DrawSourceKind.Dice, Values.Count: 3 } dice] && draw.PanelHashes.Count == 1_000)
        {
            return draw.How == "dice" && draw.Chosen == Pd1.DiceIndex([.. dice.Values.Select(value => value[0] - '0')]);
        }

        return DrawSource.AreEnough(draw.WithValues)
            && (!draw.HasPanels || (draw.How == "index" && draw.Chosen == (long)Pd1.Index(draw.Key, draw.Label ?? DrawFiles.SoleLabel, (ulong)draw.PanelHashes.Count).Index));
    }

    private static bool PanelIsGood(PublishedDraw draw) => draw.Chosen < draw.PanelHashes.Count && new PanelRule(draw).Allows(TicketText.Of(draw.Selected), draw.PanelHashes[(int)draw.Chosen]);

    /// <summary>What a numbered panel must be.</summary>
    private sealed class PanelRule(PublishedDraw draw)
    {
        private readonly TicketText mayBeDrawn = TicketText.Ascending(draw.Tickets.Except(draw.Leaving));
        private readonly TicketText staying = TicketText.Ascending(draw.Staying);

        /// <summary>Right size, in order, of the pool, nobody who is out, everybody who stays, and the hash that was stated.</summary>
        public bool Allows(TicketText panel, string hash) => panel.Count == draw.Size && panel.AscendWithin(mayBeDrawn) && staying.AscendWithin(panel) && panel.Hash() == hash;
    }

    /// <summary>People were taken going down the order. Whether somebody was passed over wrongly needs everybody's strata.</summary>
    private static bool OrderIsGood(PublishedDraw draw) => draw.Selected.Count > 0 && draw.Selected.Distinct().Count() == draw.Selected.Count
        && !draw.Selected.Intersect(draw.Leaving).Any() && !draw.Selected.Intersect(draw.Staying).Any() && Pd1.Order(draw.Key, draw.Selected).SequenceEqual(draw.Selected);

    /// <summary>All numbered panels; null unless they are those of the manifest.</summary>
    private static IReadOnlyList<TicketText>? ReadPanels(PublishedDraw draw, byte[] file)
    {
        if (!draw.HasPanels || PublishedPanels.Read(file) is not { } read || read.Manifest != draw.ManifestHash || read.Panels.Count != draw.PanelHashes.Count)
        {
            return null;
        }

        PanelRule rule = new(draw);
        for (int number = 0; number < read.Panels.Count; number++)
        {
            if (!rule.Allows(read.Panels[number], draw.PanelHashes[number]))
            {
                return null;
            }
        }

        return read.Panels;
    }

    private static bool PersonIsGood(PublishedDraw draw, byte[] file) =>
        draw.HasPanels && PublishedDraw.ReadPerson(file) is { } person && person.Manifest == draw.ManifestHash && person.Index < draw.Tickets.Count && draw.Tickets[(int)person.Index] == person.Ticket
        && MerkleTree.Verify(MerkleTree.LeafHash(person.Leaf), person.Index, draw.PoolSize, person.Proof, draw.PoolRoot);

    /// <summary>The record before holds by itself (its signature is looked at when it is checked itself); nobody of that panel is forgotten, nobody who was out comes back, and the randomness is another one.</summary>
    private static bool BeforeIsGood(PublishedDraw draw, byte[] file) =>
        draw.Before is { } hash && PublishedDraw.Read(file) is { } before && before.ManifestHash == hash && Holds([.. Verify(new DrawEvidence(file)).Where(check => check.Code != "signature")])
        && draw.Staying.All(before.Seated.Contains) && before.Seated.Concat(before.Leaving).All(new HashSet<string>([.. draw.Staying, .. draw.Leaving]).Contains)
        && (draw.FrozenAt is null || before.DrawnAt is null || string.CompareOrdinal(before.DrawnAt, draw.FrozenAt) <= 0)
        && !TellingValues(draw).Intersect(TellingValues(before)).Any();

    /// <summary>The values of the sources that cannot well be the same twice by chance.</summary>
    private static IEnumerable<string> TellingValues(PublishedDraw draw) => draw.WithValues.Where(source => source.Bits >= 20).Select(source => DrawSource.Seed([source]));

    private static bool LogIsGood(PublishedDraw draw) =>
        draw.LogKey is { } key && draw.Log is { } log && Checkpoint.Read(log.Checkpoint) is { } checkpoint && key.StartsWith(checkpoint.Origin + "+", StringComparison.Ordinal)
        && log.Frozen.Index < log.Drawn.Index && log.Drawn.Index < checkpoint.Size
        && Says(log.Frozen, ".frozen", draw.FrozenAt, "manifest", draw.ManifestHash, draw.Attempt) && IsIn(log.Frozen, checkpoint)
        && Says(log.Drawn, ".drawn", draw.DrawnAt, "record", draw.RecordHash, draw.Attempt) && IsIn(log.Drawn, checkpoint);

    private static bool Says(ProvenEntry proven, string code, string? at, string fact, string hash, long attempt) =>
        PublishedDraw.Text(proven.Entry["code"]) is { } stated && stated.EndsWith(code, StringComparison.Ordinal) && PublishedDraw.Text(proven.Entry["at"]) == at
        && proven.Entry["facts"] is JsonObject facts && PublishedDraw.Text(facts[fact]) == hash && PublishedDraw.Whole(facts["attempt"]) == attempt;

    private static bool IsIn(ProvenEntry proven, Checkpoint checkpoint) =>
        MerkleTree.Verify(MerkleTree.LeafHash(CanonicalJson.Serialize(proven.Entry)), proven.Index, checkpoint.Size, proven.Proof, checkpoint.Root);

    private static bool SignatureIsGood(PublishedDraw draw, string? known) =>
        draw.LogKey is { } text && draw.Log is { } log && LogKey.Parse(text) is { } key && (known is null || known.Trim() == text) && Checkpoint.Open(log.Checkpoint, key) is not null;
}
