using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polyphony.Proofs;

namespace Polyphony.Tests.Cli;

/// <summary>Files of a draw of invitations as the verifiers are given them.</summary>
/// <param name="Change">What was changed after they were made; empty: nothing.</param>
internal sealed record InvitationFiles(byte[] Manifest, byte[] Record, byte[]? Register, IReadOnlyList<byte[]> Earlier, string Salt, string Change)
{
    public static readonly string[] Codes = ["manifest", "manifest-hash", "randomness", "seed", "places", "letters", "salt", "cells", "excluded", "root", "drawn", "selected"];

    /// <summary>One line of the batch.</summary>
    public string ToLine() => JsonSerializer.Serialize(new
    {
        manifest = Convert.ToBase64String(Manifest),
        record = Convert.ToBase64String(Record),
        register = Register is null ? null : Convert.ToBase64String(Register),
        earlier = Earlier.Select(Convert.ToBase64String),
        salt = Salt,
    });

    /// <summary>What the tool says of them: a letter a check, or X when it does not understand them.</summary>
    public string Letters(Workbench bench)
    {
        Directory.CreateDirectory(bench["checked"]);
        bench.File("checked/manifest.json", Manifest);
        bench.File("checked/record.json", Record);
        List<string> arguments = ["invite", "verify", bench["checked"]];
        if (Register is not null)
        {
            arguments.AddRange(["--register", bench.File("checked.csv", Register)]);
        }

        if (Earlier.Count > 0)
        {
            arguments.AddRange(["--exclude", string.Join(',', Earlier.Index().Select(file => bench.File($"checked-{file.Index}.csv", file.Item)))]);
        }

        if (Salt.Length > 0)
        {
            arguments.AddRange(["--salt", Salt]);
        }

        (int code, JsonObject answer) = bench.Json([.. arguments]);
        if (code == 2)
        {
            return "X";
        }

        HashSet<string> faults = [.. answer["faults"]!.AsArray().Select(fault => (string)fault!)];
        Assert.Equal(faults.Count == 0 ? 0 : 4, code);
        Assert.All(faults, fault => Assert.Contains(fault, Codes));
        HashSet<string> missing = [.. answer["notPerformed"]!.AsArray().Select(check => (string)check!).Where(Codes.Contains)];
        bool sees = Register is not null && JsonNode.Parse(Record)!["manifest"]!["register"] is not null && missing.Count == 0;
        return string.Concat(Codes.Index().Select(code => faults.Contains(code.Item) ? 'F' : missing.Contains(code.Item) || (code.Index >= 6 && !sees) ? 'N' : 'P'));
    }
}

/// <summary>Makes draws of invitations of every kind by the tool, and tampers with them.</summary>
internal static class RandomInvitations
{
    /// <summary>How many draws all verifiers are given, before they are tampered with.</summary>
    public const int Count = 50;

    public const int Seed = 20_261_130;

    private static readonly string[] Towns = ["Évry", "ödön", "Nice", "łódź", "Zürich", "straße", "İzmir", "ırmak", "Ωmega"];

    private static readonly (string Change, Action<JsonObject, Random> Do)[] Changes =
    [
        ("manifest-hash", (record, chance) => record["manifestHash"] = Turned((string)record["manifestHash"]!, chance)),
        ("values", (record, chance) => record["values"]![0]![0] = Turned((string)record["values"]![0]![0]!, chance)),
        ("short", (record, _) => record["values"]![0] = new JsonArray()),
        ("no-values", (record, _) => record.Remove("values")),
        ("seed", (record, _) => record["seed"] = (string)record["seed"]! + "/"),
        ("letters", (record, chance) => Add(record["letters"]!.AsArray(), chance)),
        ("letters-fraction", (record, _) => record["letters"]![0] = 0.5),
        ("drawn", (record, chance) => Add(record["drawn"]!.AsArray(), chance)),
        ("selected", (record, chance) => record["selected"] = Turned((string)record["selected"]!, chance)),
        ("place", (record, _) => record["places"]!.AsArray().Add(new JsonObject { ["letters"] = 1, ["name"] = "Nowhere", ["times"] = 1 })),
        ("times", (record, _) => Place(record)["times"] = 7),
        ("plan-letters", (record, _) => record["manifest"]!["letters"] = (long)record["manifest"]!["letters"]! + 1),
        ("plan-factor", (record, _) => record["manifest"]!["cells"]![0]!["factor"] = 1_700),
        ("plan-rows", (record, _) => record["manifest"]!["cells"]![0]!["rows"] = (long)record["manifest"]!["cells"]![0]!["rows"]! + 40),
        ("plan-negative", (record, _) => record["manifest"]!["cells"]![0]!["free"] = -1),
        ("plan-root", (record, chance) => record["manifest"]!["register"]!["root"] = Turned((string)record["manifest"]!["register"]!["root"]!, chance)),
        ("plan-salt", (record, _) => record["manifest"]!["register"]!["saltHash"] = new string('0', 64)),
        ("plan-kind", (record, _) => record["manifest"]!["kind"] = "panel"),
    ];

    /// <summary>Draws and their tampered copies; the same seed gives the same ones.</summary>
    public static IEnumerable<InvitationFiles> Make(Workbench bench, int count, int seed)
    {
        Random chance = new(seed);
        for (int number = 0; number < count; number++)
        {
            if (Draw(bench, chance, number) is not { } whole)
            {
                continue;
            }

            yield return whole;
            yield return whole with { Register = null, Earlier = [], Salt = "" };
            yield return whole with { Manifest = [.. whole.Manifest, (byte)' '], Change = "manifest" };
            foreach ((string change, Action<JsonObject, Random> tamper) in chance.GetItems(Changes, 5))
            {
                JsonObject record = JsonNode.Parse(whole.Record)!.AsObject();
                tamper(record, chance);
                if (change.StartsWith("plan-", StringComparison.Ordinal))
                {
                    // As whoever changes the plan afterwards would do it: all files agree with each other.
                    byte[] manifest = CanonicalJson.Serialize(record["manifest"]);
                    record["manifestHash"] = Convert.ToHexStringLower(Pd1.ManifestHash(manifest));
                    yield return whole with { Manifest = manifest, Record = Encoding.UTF8.GetBytes(record.ToJsonString()), Change = change };
                }
                else
                {
                    yield return whole with { Record = Encoding.UTF8.GetBytes(record.ToJsonString()), Change = change };
                }
            }

            string[] rows = Encoding.UTF8.GetString(whole.Register!).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            yield return whole with { Register = Lines([.. rows[..^1]]), Change = "row-gone" };
            yield return whole with { Register = Lines([.. rows, "Z-new,Nice0,16-29,woman,"]), Change = "row-more" };
            if (whole.Salt.Length > 0)
            {
                yield return whole with { Salt = Turned(whole.Salt, chance), Earlier = [], Change = "salt" };
            }
        }
    }

    private static InvitationFiles? Draw(Workbench bench, Random chance, int number)
    {
        int rows = chance.Next(8, 160);
        string[] towns = [.. Enumerable.Range(0, chance.Next(1, 10)).Select(i => $"{Towns[chance.Next(Towns.Length)]}{i}")];
        byte[] register = Lines(["id,town,age,gender,street", .. Enumerable.Range(0, rows).Select(i =>
            $"{(chance.Next(5) > 0 ? "P" : "é ſ ")}{i},{towns[chance.Next(towns.Length)]},{((string[])["16-29", "30-59", "60+"])[chance.Next(3)]},"
            + $"{((string[])["woman", "man", " MAN ", "divers"])[chance.Next(4)]},{(chance.Next(4) > 0 ? $"Rue {chance.Next(rows)}" : chance.Next(3) > 0 ? "" : new string('x', chance.Next(380, 420)))}")]);
        List<string> arguments =
        [
            "invite", "--register", bench.File("register.csv", register), "--strata", ((string[])["age", "age,gender", "gender"])[chance.Next(3)], "--count", $"{chance.Next(2, Math.Max(3, rows / 3))}",
            "--randomness", Randomness(chance),
        ];
        if (chance.Next(3) > 0)
        {
            arguments.AddRange(["--household", chance.Next(3) == 0 ? "street,age" : "street"]);
        }

        string salt = chance.Next(3) == 0 ? Hex(chance, 32) : "";
        if (salt.Length > 0)
        {
            arguments.AddRange(["--salt", salt]);
        }

        if (chance.Next(5) > 1)
        {
            // Places of one size show on which side of a rounding a rule stands.
            bool even = chance.Next(3) == 0;
            bench.File("places.csv", Lines(["place,population,state", .. towns.Select(town => $"{town},{(even ? 1_000 * chance.Next(1, 3) : chance.Next(1, 100_000))},{((string[])["n", "s", "é"])[chance.Next(3)]}")]));
            arguments.AddRange(["--place", "town", "--places", bench["places.csv"], "--place-strata", "state", "--place-count", $"{chance.Next(1, towns.Length + 1)}", "--place-by", chance.Next(2) == 0 ? "pps" : "lottery"]);
        }

        byte[][] earlier = [];
        if (chance.Next(3) == 0)
        {
            string[] ids = [.. Encoding.UTF8.GetString(register).Split('\n')[1..(rows / 4)].Select(row => row.Split(',')[0])];
            earlier = [Lines(["id", .. ids])];
            arguments.AddRange(["--exclude", bench.File("earlier.csv", earlier[0])]);
        }

        string drawn = bench[string.Create(CultureInfo.InvariantCulture, $"drawn-{number}")];
        return bench.Run([.. arguments, "--out", drawn]).Code == 0
            ? new(File.ReadAllBytes(Path.Combine(drawn, "manifest.json")), File.ReadAllBytes(Path.Combine(drawn, "record.json")), register, earlier, salt, "")
            : null;
    }

    private static string Randomness(Random chance) => chance.Next(3) switch
    {
        0 => "dice: " + string.Join(' ', Enumerable.Range(0, 40).Select(_ => chance.Next(10))),
        1 => $"drand: {Hex(chance, 16)}; lotto: {string.Join(' ', Enumerable.Range(1, 49).OrderBy(_ => chance.Next()).Take(6))} of 49",
        _ => "drand: " + Hex(chance, 32),
    };

    private static string Hex(Random chance, int bytes)
    {
        byte[] content = new byte[bytes];
        chance.NextBytes(content);
        return Convert.ToHexStringLower(content);
    }

    private static byte[] Lines(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    /// <summary>The text with one of its digits turned into another.</summary>
    private static string Turned(string text, Random chance)
    {
        int at = chance.Next(text.Length);
        return string.Concat(text.AsSpan(0, at), text[at] == '1' ? "2" : "1", text.AsSpan(at + 1));
    }

    /// <summary>The first place, or one where none was drawn.</summary>
    private static JsonObject Place(JsonObject record)
    {
        JsonArray places = record["places"]!.AsArray();
        if (places.Count == 0)
        {
            places.Add(new JsonObject());
        }

        return places[0]!.AsObject();
    }

    private static void Add(JsonArray numbers, Random chance)
    {
        int at = chance.Next(numbers.Count);
        numbers[at] = (long)numbers[at]! + 1;
    }
}
