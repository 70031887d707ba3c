using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Polyphony.Cli.Frame;
using Polyphony.Proofs;
using Polyphony.Sheets;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Cli.Invite;

/// <summary><c>polyphony invite</c>: who gets a letter.</summary>
internal static class InviteVerb
{
    private static readonly string[] Written = ["manifest.json", "record.json", "letters.csv", "strata.csv", "places.csv"];

    public static Command Make()
    {
        InviteOptions options = new();
        VerbCommand verb = new("invite", "Draws who is invited: a stratified sample from a register, at most one letter a household, with public randomness.", (parsed, shell, cancellationToken) => Run(parsed, options, shell, cancellationToken))
        {
            Reads = [InviteOptions.RegisterFile, InviteOptions.OversampleFile, InviteOptions.ResponsesFile, InviteOptions.ExcludeFile, InviteOptions.PlacesFile],
            Writes = [InviteOptions.LettersFile, InviteOptions.StrataFile, InviteOptions.DrawnPlacesFile, InviteOptions.ManifestFile, InviteOptions.RecordFile],
            Examples =
            [
                "polyphony invite --register register.csv --strata age,gender --household street,postcode --count 20000 --randomness \"drand quicknet round 27946612: 8f4e…\" --out batch-1",
                "polyphony invite --register register.csv --strata age,gender --count 20000 --freeze --randomness \"drand quicknet round 27946612: beacon\" --out batch-1",
                "polyphony invite --register register.csv --strata age,gender --count 20000 --manifest batch-1/manifest.json --randomness \"drand quicknet round 27946612: 8f4e…\" --out batch-1",
                "polyphony invite --register register.csv --strata age,gender --count 5000 --responses answers/responses.csv --exclude answers/invited.csv --randomness \"…\" --out batch-2",
                "polyphony invite --places municipalities.csv --place-count 80 --place-strata state,class --count 20000 --randomness \"…\" --out places",
                "polyphony invite --register extracts.csv --place municipality --places places/places.csv --strata age,gender --count 20000 --randomness \"…\" --out batch-1",
            ],
        };
        foreach (Option option in options.All)
        {
            verb.Options.Add(option);
        }

        verb.Subcommands.Add(PrintLetters.Make());
        verb.Subcommands.Add(CountResponses.Make());
        verb.Subcommands.Add(VerifyInvitation.Make());
        return verb;
    }

    private static int Run(ParseResult parsed, InviteOptions options, Shell shell, CancellationToken cancellationToken)
    {
        RowProblems problems = new();
        List<SheetProblem> early = [];
        string target = parsed.GetValue(options.Out)!;
        string? path = parsed.GetValue(options.Register);
        string? placesPath = parsed.GetValue(options.Places);
        bool freeze = parsed.GetValue(options.Freeze);
        string? frozenPath = parsed.GetValue(options.Manifest);
        byte[]? frozen = frozenPath is null ? null : InputTable.Bytes(frozenPath, early);
        IReadOnlyList<DrawSource>? sources = freeze
            ? RandomnessText.ReadNames(parsed.GetValue(options.Randomness)!, early)
            : RandomnessText.Read(parsed.GetValue(options.Randomness)!, early);
        byte[] salt = SaltText.Read(parsed.GetValue(options.Salt), early);
        if (path is null && placesPath is null)
        {
            early.Add(new SheetProblem("option-needs", "", Column: "invite", Expected: "--register or --places"));
        }

        if (path is not null && parsed.GetValue(options.Strata) is null)
        {
            early.Add(new SheetProblem("option-needs", "", Column: "--register", Expected: "--strata"));
        }

        if (parsed.GetValue(options.Oversample) is not null && parsed.GetValue(options.Responses) is not null)
        {
            early.Add(new SheetProblem("not-both", "", Column: "--oversample", Expected: "--responses"));
        }

        if (freeze && frozenPath is not null)
        {
            early.Add(new SheetProblem("not-both", "", Column: "--freeze", Expected: "--manifest"));
        }

        if (!parsed.GetValue(options.Overwrite))
        {
            // The manifest may stand where it was frozen: what is written is the same, byte for byte.
            bool inPlace = frozenPath is not null && Path.GetFullPath(frozenPath) == Path.GetFullPath(Path.Combine(target, Written[0]));
            early.AddRange(OutputFolder.Standing(target, freeze ? Written[..1] : inPlace ? Written[1..] : Written).Select(name => new SheetProblem("stands-already", "", Column: "--out", Value: name, Expected: "Name another directory, or add --overwrite: the codes of that batch would be lost.")));
        }

        problems.AddRange(early);
        PlacePlan? places = placesPath is null ? null : PlaceSheet.Read(
            placesPath, parsed.GetValue(options.PlaceCount), VerbOptions.Columns(parsed.GetValue(options.PlaceStrata)),
            string.Equals(parsed.GetValue(options.PlaceBy), "lottery", StringComparison.OrdinalIgnoreCase), problems);
        List<SheetProblem> opening = [];
        using LargeCsv? csv = path is null ? null : LargeCsv.Open(path, opening, cancellationToken);
        problems.AddRange(opening);
        long count = parsed.GetValue(options.Count)!.Value;
        Register? register = null;
        InvitationPlan plan = new(count, [], [], null, places);
        if (csv is not null)
        {
            string id = parsed.GetValue(options.Id) ?? (csv.Find("id") >= 0 ? "id" : "");
            RegisterColumns columns = new(
                id, VerbOptions.Columns(parsed.GetValue(options.Strata)), VerbOptions.Columns(parsed.GetValue(options.Household)), placesPath is null ? "" : parsed.GetValue(options.Place) ?? "place");
            Dictionary<UInt128, (string, int)> exclude = ExcludedIds.Read(parsed.GetValue(options.Exclude), id, salt, problems);
            int before = problems.Count;
            register = shell.WithProgress("Reading the register", progress => Register.Read(csv, columns, salt, exclude, parsed.GetValue(options.Exclude) ?? "", problems, progress, cancellationToken));
            if (register is not null && problems.Count == before)
            {
                plan = PlanOf(register, csv, columns, salt, places, count, parsed.GetValue(options.Oversample), parsed.GetValue(options.Responses), problems);
            }
        }

        if (problems.Count > 0)
        {
            return shell.Refuse(problems.Listed, problems.Count);
        }

        JsonObject manifest = InvitationManifest.Of(plan, sources!);
        byte[] canonical = CanonicalJson.Serialize(manifest);
        if (frozenPath is not null && !canonical.AsSpan().SequenceEqual(frozen))
        {
            return shell.Refuse([new SheetProblem("manifest-differs", frozenPath)]);
        }

        if (freeze)
        {
            return Freeze(shell, target, canonical, cancellationToken);
        }

        byte[] key = Pd1.Key(Pd1.ManifestHash(canonical), DrawSource.Seed(sources!));
        LetterShares shares = plan.Share(key);
        LetterDrawing drawing = register is null
            ? new LetterDrawing([], [.. shares.Letters], 0)
            : shell.WithProgress("Drawing", progress =>
            {
                int[] order = RegisterTickets.Order(key, register.Tickets);
                progress.Report(new(0.7, "Drawing"));
                return LetterDraw.Draw(order, DrawableCells(register), shares.Letters, register.Households, Served(register));
            });
        cancellationToken.ThrowIfCancellationRequested();
        JsonObject record = InvitationRecord.Of(manifest, sources!, shares, drawing.Drawn, [.. drawing.Rows.Select(row => RegisterTickets.Text(register!.Tickets[row]))]);

        using OutputFolder folder = OutputFolder.Begin(target);
        folder.Write("manifest.json", canonical);
        folder.Write("record.json", CanonicalJson.Serialize(record));
        if (register is not null)
        {
            shell.WithProgress("Writing letters", progress => LettersFile.Write(folder, register, drawing.Rows, parsed.GetValue(options.Id) ?? "id", parsed.GetValue(options.Link) ?? "", progress, cancellationToken));
            folder.Write("strata.csv", CsvWriter.Write(StrataRows(plan, shares, drawing)));
        }

        if (places is not null)
        {
            folder.Write("places.csv", CsvWriter.Write([
                ["place", "letters", "times", "certain"],
                .. shares.Places.Select(place => (string[])[place.Name, Text(place.Letters), Text(place.Times), place.Certain ? "yes" : "no"]),
            ]));
        }

        folder.Finish(cancellationToken);
        return Tell(shell, plan, count, shares, drawing, canonical, frozenPath is not null);
    }

    private static int Freeze(Shell shell, string target, byte[] canonical, CancellationToken cancellationToken)
    {
        using OutputFolder folder = OutputFolder.Begin(target);
        folder.Write(Written[0], canonical);
        folder.Finish(cancellationToken);
        string hash = Convert.ToHexStringLower(Pd1.ManifestHash(canonical));
        return shell.Answer(
            ExitCode.Done, new FrozenAnswer("frozen", hash), InviteJson.Default.FrozenAnswer,
            $"Manifest {hash}.",
            "Publish it where others can witness the time. When the randomness is known, repeat the command with --manifest instead of --freeze.");
    }

    private static int Tell(Shell shell, InvitationPlan plan, long count, LetterShares shares, LetterDrawing drawing, byte[] canonical, bool frozen)
    {
        long planned = plan.Register is null ? shares.Places.Sum(place => place.Letters) : shares.Letters.Sum();
        long letters = plan.Register is null ? 0 : drawing.Rows.Count;
        InviteAnswer answer = new(
            "done", letters, count, count - (plan.Register is null ? planned : letters), plan.Register?.Rows ?? 0, plan.Register?.Excluded ?? 0, plan.Cells.Count, shares.Places.Count, drawing.SameHousehold,
            Convert.ToHexStringLower(Pd1.ManifestHash(canonical)));
        List<string> sentences = [];
        if (plan.Register is { } register)
        {
            sentences.Add(FormattableString.Invariant($"{letters} letters from {register.Rows} rows in {plan.Cells.Count} strata."));
            if (drawing.SameHousehold > 0)
            {
                sentences.Add(FormattableString.Invariant($"{drawing.SameHousehold} rows were passed over because somebody of their household has a letter."));
            }

            if (letters < count)
            {
                sentences.Add(FormattableString.Invariant($"{count - letters} fewer than asked for: strata ran out of rows or households; see strata.csv, planned and invited."));
            }
        }

        if (plan.Places is not null)
        {
            sentences.Add(FormattableString.Invariant($"Places drawn: {shares.Places.Count} of {plan.Places.All.Count}."));
        }

        sentences.Add(frozen
            ? $"Manifest {answer.ManifestHash}, as it was frozen."
            : $"Manifest {answer.ManifestHash}. It was made together with the draw, so nobody can tell that it came first; see --freeze.");
        return shell.Answer(ExitCode.Done, answer, InviteJson.Default.InviteAnswer, sentences);
    }

    private static InvitationPlan PlanOf(Register register, LargeCsv csv, RegisterColumns columns, byte[] salt, PlacePlan? places, long count, string? oversample, string? responses, RowProblems problems)
    {
        Dictionary<string, string> names = (places?.All ?? []).ToDictionary(place => CellText.Key(place.Name), place => place.Name, StringComparer.Ordinal);
        if (places is not null && places.Method != PlaceMethod.Given)
        {
            foreach (string unknown in register.Keys.Select(key => key.Place).Where(place => !names.ContainsKey(CellText.Key(place))).Distinct())
            {
                problems.Add(new SheetProblem("place-unknown", csv.File, Column: columns.Place, Value: unknown));
            }
        }

        int[] factors = FactorSheet.Of(oversample, responses, columns.Strata, [.. register.Keys.Select(key => key.Values)], problems);
        long[] rows = new long[register.Keys.Count];
        long[] free = new long[register.Keys.Count];
        for (int i = 0; i < register.Cells.Length; i++)
        {
            rows[register.Cells[i]]++;
            free[register.Cells[i]] += register.Free[i] ? 1 : 0;
        }

        return new InvitationPlan(
            count, columns.Strata,
            [.. register.Keys.Select((key, i) => new InvitationCell(names.GetValueOrDefault(CellText.Key(key.Place), key.Place), key.Values, rows[i], free[i], factors[i]))],
            new RegisterCommitment(
                Convert.ToHexStringLower(RegisterTickets.Root(register.Tickets, register.Cells, register.Households, register.Ascending)), register.Cells.Length,
                register.Excluded.Count, Pd1.PanelHash(register.Excluded.Select(row => RegisterTickets.Text(register.Tickets[row]))),
                salt.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(salt)), columns.Id, columns.Household, columns.Place),
            places);
    }

    public static int[] DrawableCells(Register register) => register.Excluded.Count == 0 ? register.Cells : [.. register.Cells.Select((cell, i) => register.Free[i] ? cell : -1)];

    public static IReadOnlyCollection<UInt128> Served(Register register) => [.. register.Excluded.Select(row => register.Households[row]).Where(household => household != UInt128.Zero)];

    private static IEnumerable<string[]> StrataRows(InvitationPlan plan, LetterShares shares, LetterDrawing drawing)
    {
        string[] place = plan.Places is null ? [] : ["place"];
        yield return [.. place, .. plan.Criteria, "rows", "free", "factor", "planned", "invited"];
        for (int i = 0; i < plan.Cells.Count; i++)
        {
            InvitationCell cell = plan.Cells[i];
            string[] own = plan.Places is null ? [] : [cell.Place];
            yield return [.. own, .. cell.Values, Text(cell.Rows), Text(cell.Free), (cell.Factor / 1000m).ToString("0.000", CultureInfo.InvariantCulture), Text(shares.Letters[i]), Text(drawing.Drawn[i])];
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
