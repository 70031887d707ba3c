using System.Text.Json.Nodes;
using Polyphony.Proofs;

namespace Polyphony.Sortition.Invitations;

/// <summary>The record of a draw of invitations, and its verification.</summary>
public static class InvitationRecord
{
    /// <summary>Writes a record.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="sources">The randomness with its values.</param>
    /// <param name="shares">Places and letters.</param>
    /// <param name="drawn">Letters that each cell got.</param>
    /// <param name="tickets">Tickets of the rows drawn; empty when only places were drawn.</param>
    /// <returns>The record.</returns>
    public static JsonObject Of(JsonObject manifest, IReadOnlyList<DrawSource> sources, LetterShares shares, IReadOnlyList<long> drawn, IReadOnlyCollection<string> tickets)
    {
        ArgumentNullException.ThrowIfNull(shares);
        return new JsonObject
        {
            ["drawn"] = Letters(drawn),
            ["format"] = 1,
            ["kind"] = "invitation",
            ["letters"] = Letters(shares.Letters),
            ["manifest"] = manifest.DeepClone(),
            ["manifestHash"] = Convert.ToHexStringLower(Pd1.ManifestHash(CanonicalJson.Serialize(manifest))),
            ["places"] = Places(shares),
            ["seed"] = DrawSource.Seed(sources),
            ["selected"] = Pd1.PanelHash(tickets),
            ["values"] = new JsonArray([.. sources.Select(source => (JsonNode)InvitationManifest.Texts(source.Values))]),
        };
    }

    /// <summary>What a verification found.</summary>
    /// <param name="Faults">Codes of what is wrong, in the order of the checks; empty when everything that was checked holds.</param>
    /// <param name="NotPerformed">Codes of checks that were not performed for want of the register.</param>
    public sealed record Verdict(IReadOnlyList<string> Faults, IReadOnlyList<string> NotPerformed);

    /// <summary>The register as a verifier has it.</summary>
    /// <param name="Tickets">Ticket of each row.</param>
    /// <param name="Cells">Cell of each row by the manifest's list; −1 for a row whose cell is not in it.</param>
    /// <param name="Free">Whether each row had no letter before.</param>
    /// <param name="Households">Household of each row, 0 for one of its own.</param>
    /// <param name="Served">Households that had a letter before.</param>
    public sealed record Register(UInt128[] Tickets, int[] Cells, bool[] Free, UInt128[] Households, IReadOnlyCollection<UInt128> Served);

    /// <summary>Verifies a record.</summary>
    /// <param name="published">The bytes of the published manifest.</param>
    /// <param name="record">The record.</param>
    /// <param name="register">The register, or null.</param>
    /// <returns>The verdict.</returns>
    /// <exception cref="FormatException">The record or its manifest has another form.</exception>
    public static Verdict Verify(ReadOnlySpan<byte> published, JsonObject record, Register? register)
    {
        ArgumentNullException.ThrowIfNull(record);
        JsonObject manifest = record["manifest"] as JsonObject ?? throw new FormatException("The record holds no manifest.");
        InvitationPlan plan = InvitationManifest.Read(manifest);
        IReadOnlyList<DrawSource> sources = Sources(manifest, record);
        List<string> faults = [];
        byte[] canonical = Canonical(manifest);
        byte[] hash = Pd1.ManifestHash(canonical);
        Check(canonical.AsSpan().SequenceEqual(published), "manifest");
        Check(Text(record["manifestHash"]) == Convert.ToHexStringLower(hash), "manifest-hash");
        Check(sources.All(source => source.IsWellFormed) && DrawSource.AreEnough(sources), "randomness");
        if (faults.Contains("randomness"))
        {
            return new Verdict(faults, ["seed", "places", "letters", "register", "selected"]);
        }

        string seed = DrawSource.Seed(sources);
        Check(Text(record["seed"]) == seed, "seed");
        byte[] key = Pd1.Key(hash, seed);
        LetterShares shares;
        try
        {
            shares = plan.Share(key);
        }
        catch (OverflowException large)
        {
            throw new FormatException("The manifest's numbers are too large to be those of a register.", large);
        }

        Check(Same(record["places"], Places(shares)), "places");
        Check(Same(record["letters"], Letters(shares.Letters)), "letters");
        if (register is null || plan.Register is null)
        {
            return new Verdict(faults, plan.Register is null ? [] : ["register", "selected"]);
        }

        int[] ascending = RegisterTickets.Ascending(register.Tickets);
        long[] rows = new long[plan.Cells.Count];
        long[] free = new long[plan.Cells.Count];
        List<string> excluded = [];
        bool known = true;
        for (int i = 0; i < register.Cells.Length; i++)
        {
            if (register.Cells[i] < 0)
            {
                known = false;
                continue;
            }

            rows[register.Cells[i]]++;
            free[register.Cells[i]] += register.Free[i] ? 1 : 0;
            if (!register.Free[i])
            {
                excluded.Add(RegisterTickets.Text(register.Tickets[i]));
            }
        }

        Check(known && plan.Cells.Select(cell => (cell.Rows, cell.Free)).SequenceEqual(rows.Zip(free)), "cells");
        Check(plan.Register.Excluded == excluded.Count && plan.Register.ExcludedHash == Pd1.PanelHash(excluded), "excluded");
        Check(known && plan.Register.Root == Convert.ToHexStringLower(RegisterTickets.Root(register.Tickets, register.Cells, register.Households, ascending)), "root");
        LetterDrawing drawing = LetterDraw.Draw(
            RegisterTickets.Order(key, register.Tickets), [.. register.Cells.Select((cell, i) => register.Free[i] ? cell : -1)], shares.Letters, register.Households, register.Served);
        Check(Same(record["drawn"], Letters(drawing.Drawn)), "drawn");
        Check(Text(record["selected"]) == Pd1.PanelHash(drawing.Rows.Select(row => RegisterTickets.Text(register.Tickets[row]))), "selected");
        return new Verdict(faults, []);

        void Check(bool holds, string code)
        {
            if (!holds)
            {
                faults.Add(code);
            }
        }
    }

    private static byte[] Canonical(JsonObject manifest)
    {
        try
        {
            return CanonicalJson.Serialize(manifest);
        }
        catch (ArgumentException broken)
        {
            throw new FormatException("The manifest holds a number that is not whole.", broken);
        }
    }

    private static JsonArray Letters(IEnumerable<long> letters) => new([.. letters.Select(number => (JsonNode)number)]);

    private static JsonArray Places(LetterShares shares) =>
        new([.. shares.Places.Select(place => (JsonNode)new JsonObject { ["letters"] = place.Letters, ["name"] = place.Name, ["times"] = place.Times })]);

    private static string? Text(JsonNode? node) => node?.GetValueKind() == System.Text.Json.JsonValueKind.String ? node.GetValue<string>() : null;

    private static bool Same(JsonNode? stated, JsonArray expected)
    {
        try
        {
            return CanonicalJson.Serialize(stated).AsSpan().SequenceEqual(CanonicalJson.Serialize(expected));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static DrawSource[] Sources(JsonObject manifest, JsonObject record)
    {
        if (manifest["sources"] is not JsonArray named || record["values"] is not JsonArray values || named.Count != values.Count)
        {
            throw new FormatException("Sources and values do not match.");
        }

        try
        {
            return [.. named.Select((source, i) => new DrawSource(
                (string?)source!["kind"] switch { "dice" => DrawSourceKind.Dice, "lottery" => DrawSourceKind.NumberLottery, "beacon" => DrawSourceKind.Beacon, _ => throw new FormatException("An unknown kind of source.") },
                (string?)source["name"] ?? "", checked((int)InvitationManifest.Number(source["outOf"])), InvitationManifest.Strings(values[i])))];
        }
        catch (Exception broken) when (broken is InvalidOperationException or NullReferenceException or OverflowException)
        {
            throw new FormatException("A source or its values have another form.", broken);
        }
    }
}
