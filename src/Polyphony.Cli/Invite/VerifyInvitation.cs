using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polyphony.Cli.Frame;
using Polyphony.Proofs;
using Polyphony.Sheets;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Cli.Invite;

/// <summary><c>polyphony invite verify DIR</c>: whether the letters follow from manifest, randomness and register.</summary>
internal static class VerifyInvitation
{
    public static Command Make()
    {
        Argument<string> directory = new("DIR") { Description = "Directory with manifest.json and record.json." };
        Option<string> register = VerbOptions.Text("--register", "R.csv", "The register; without it only what is public is checked.");
        Option<string> exclude = VerbOptions.Text("--exclude", "F.csv", "Ids of earlier batches, as in the draw.");
        Option<string> salt = VerbOptions.Text("--salt", "HEX", "The salt of the draw.");
        VerbCommand verb = new("verify", "Verifies a draw of invitations.", (parsed, shell, cancellationToken) =>
            Run(parsed.GetValue(directory)!, parsed.GetValue(register), parsed.GetValue(exclude), parsed.GetValue(salt), shell, cancellationToken))
        {
            Reads = [InviteOptions.ManifestFile, InviteOptions.RecordFile, InviteOptions.RegisterFile, InviteOptions.ExcludeFile],
            Codes = [ExitCode.VerificationFailed],
            Examples = ["polyphony invite verify batch-1", "polyphony invite verify batch-1 --register register.csv"],
        };
        verb.Arguments.Add(directory);
        verb.Options.Add(register);
        verb.Options.Add(exclude);
        verb.Options.Add(salt);
        return verb;
    }

    private static int Run(string directory, string? path, string? excludePath, string? saltText, Shell shell, CancellationToken cancellationToken)
    {
        List<SheetProblem> early = [];
        byte[]? manifest = InputTable.Bytes(Path.Combine(directory, "manifest.json"), early);
        JsonObject? record = Json(Path.Combine(directory, "record.json"), early);
        byte[] salt = SaltText.Read(saltText, early);
        RowProblems problems = new();
        problems.AddRange(early);
        InvitationPlan? plan = null;
        if (record is not null)
        {
            try
            {
                plan = InvitationManifest.Read(record["manifest"] as JsonObject ?? throw new FormatException("The record holds no manifest."));
            }
            catch (FormatException broken)
            {
                problems.Add(new SheetProblem("file-unreadable", Path.Combine(directory, "record.json"), Value: broken.Message));
            }
        }

        if (problems.Count > 0)
        {
            return shell.Refuse(problems.Listed, problems.Count);
        }

        InvitationRecord.Register? rows = null;
        List<SheetProblem> opening = [];
        using LargeCsv? csv = path is null || plan!.Register is null ? null : LargeCsv.Open(path, opening, cancellationToken);
        problems.AddRange(opening);
        if (csv is not null && plan!.Register is { } committed)
        {
            RegisterColumns columns = new(committed.Id, plan.Criteria, committed.Household, committed.Place);
            Dictionary<UInt128, (string, int)> excluded = ExcludedIds.Read(excludePath, committed.Id, salt, problems);
            Register? register = shell.WithProgress("Reading the register", progress => Register.Read(csv, columns, salt, excluded, excludePath ?? "", problems, progress, cancellationToken));
            rows = register is null ? null : Rows(register, plan);
        }

        if (problems.Count > 0)
        {
            return shell.Refuse(problems.Listed, problems.Count);
        }

        InvitationRecord.Verdict verdict;
        try
        {
            verdict = InvitationRecord.Verify(manifest, record!, rows);
        }
        catch (FormatException broken)
        {
            return shell.Refuse([new SheetProblem("file-unreadable", Path.Combine(directory, "record.json"), Value: broken.Message)]);
        }

        List<string> faults = [.. verdict.Faults];
        if (rows is not null && verdict.NotPerformed.Count == 0 && plan!.Register!.SaltHash != (salt.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(salt))))
        {
            faults.Add("salt");
        }

        List<string> notPerformed = [.. verdict.NotPerformed];
        string lettersPath = Path.Combine(directory, "letters.csv");
        if (!File.Exists(lettersPath) || verdict.NotPerformed.Contains("selected"))
        {
            notPerformed.Add("mail-merge");
        }
        else if (!Merges(lettersPath, (string)record!["selected"]!, cancellationToken))
        {
            faults.Add("mail-merge");
        }

        bool holds = faults.Count == 0;
        return shell.Answer(
            holds ? ExitCode.Done : ExitCode.VerificationFailed,
            new VerifyInvitationAnswer(holds ? "holds" : "does-not-hold", faults, notPerformed),
            InviteJson.Default.VerifyInvitationAnswer,
            [
                holds ? "Everything that was checked holds." : "This record does not hold:",
                .. faults.Select(fault => $"  {Sentence(fault)}"),
                .. notPerformed.Select(check => $"Not checked: {check}{(path is null ? " (needs the register)" : "")}."),
            ]);
    }

    /// <summary>Whether the mail merge has a letter for everybody who was drawn, in their order, and for nobody else.</summary>
    private static bool Merges(string path, string selected, CancellationToken cancellationToken)
    {
        List<SheetProblem> problems = [];
        using LargeCsv? letters = LargeCsv.Open(path, problems, cancellationToken);
        if (letters is null || letters.Find("ticket") is not (>= 0 and int column))
        {
            return false;
        }

        List<string> tickets = [];
        letters.Scan((in CsvCells cells) => tickets.Add(cells.Text(column)), problems.Add, cancellationToken);
        return problems.Count == 0 && Pd1.PanelHash(tickets) == selected;
    }

    private static InvitationRecord.Register Rows(Register register, InvitationPlan plan)
    {
        Dictionary<string, int> cells = plan.Cells.Index().ToDictionary(pair => CellKey(pair.Item.Place, pair.Item.Values), pair => pair.Index, StringComparer.Ordinal);
        int[] map = [.. register.Keys.Select(key => cells.GetValueOrDefault(CellKey(key.Place, key.Values), -1))];
        return new InvitationRecord.Register(register.Tickets, [.. register.Cells.Select(cell => map[cell])], register.Free, register.Households, InviteVerb.Served(register));
    }

    private static string CellKey(string place, IReadOnlyList<string> values) => string.Join('\u001f', values.Prepend(place).Select(CellText.Key));

    private static JsonObject? Json(string path, List<SheetProblem> problems)
    {
        if (InputTable.Bytes(path, problems) is not { } content)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(content, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("An object is needed.");
        }
        catch (JsonException broken)
        {
            problems.Add(new SheetProblem("file-unreadable", path, Value: broken.Message));
            return null;
        }
    }

    private static string Sentence(string fault) => fault switch
    {
        "manifest" => "manifest.json is not the manifest of the record.",
        "manifest-hash" => "The manifest's hash is another one.",
        "randomness" => "The randomness has another form, or fewer than 128 bits.",
        "seed" => "The seed is not written from the values.",
        "places" => "The randomness leads to other places.",
        "letters" => "The letters are shared out otherwise.",
        "cells" => "The register's strata have other sizes.",
        "excluded" => "Other rows had a letter before.",
        "root" => "The register's rows are not those that were committed to.",
        "drawn" => "The draw gives the strata other numbers of letters.",
        "selected" => "The draw gives letters to others.",
        "salt" => "The salt is another one.",
        "mail-merge" => "letters.csv has other letters than the draw gives.",
        _ => fault,
    };
}
