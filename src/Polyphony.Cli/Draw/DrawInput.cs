using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary>What the files of a draw gave: everything that the draw needs, or everything that is wrong with them.</summary>
internal abstract record DrawInputReading
{
    private DrawInputReading()
    {
    }

    public sealed record Read(DrawInput Input) : DrawInputReading;

    public sealed record Refused(IReadOnlyList<SheetProblem> Problems) : DrawInputReading;
}

/// <summary>Pool and quotas as files give them.</summary>
/// <param name="Pool">For the lottery: people in the order of the file, single criteria first, then joint ones.</param>
/// <param name="Ids">Each person's id as it stands in the file, in the order of the file.</param>
/// <param name="Rows">Each person's row in the file, the first row of the file being 1.</param>
/// <param name="PoolHash">SHA-256 of the pool file, lower-case hexadecimal.</param>
/// <param name="QuotasHash">SHA-256 of the quota file.</param>
internal sealed record DrawInput(SortitionPool Pool, IReadOnlyList<string> Ids, IReadOnlyList<int> Rows, string PoolHash, string QuotasHash)
{
    /// <summary>Whether the tickets stand in the pool; otherwise they follow from the ids.</summary>
    public bool HasTickets { get; private init; }

    /// <summary>What hides the commitment to each person; null where the pool does not say.</summary>
    public IReadOnlyList<string>? Nonces { get; private init; }

    /// <summary>Each person's public name.</summary>
    public IReadOnlyList<string> Tickets => [.. Pool.People.Select(person => person.Ticket)];

    /// <summary>Reads what the options name.</summary>
    public static DrawInputReading From(ParseResult parsed, DrawOptions options) => From(
        parsed.GetValue(options.Pool)!, parsed.GetValue(options.Quotas)!, parsed.GetValue(options.Size)!.Value,
        VerbOptions.Columns(parsed.GetValue(options.Household)), parsed.GetValue(options.Id));

    /// <summary>Reads both files.</summary>
    /// <param name="poolPath">The pool.</param>
    /// <param name="quotasPath">The quotas.</param>
    /// <param name="size">People on the panel.</param>
    /// <param name="household">Columns that make a household; none: no household rule.</param>
    /// <param name="id">Column of the id; null: a column <c>id</c>, else the number of the data row.</param>
    public static DrawInputReading From(string poolPath, string quotasPath, int size, IReadOnlyList<string> household, string? id)
    {
        List<SheetProblem> problems = [];
        byte[]? poolBytes = InputTable.Bytes(poolPath, problems);
        byte[]? quotaBytes = InputTable.Bytes(quotasPath, problems);
        Sheet? pool = Table(poolPath, poolBytes, problems);
        Sheet? quotas = Table(quotasPath, quotaBytes, problems);
        QuotaReading? asked = quotas is null ? null : QuotaSheet.Read(quotas);
        problems.AddRange(asked?.Problems ?? []);
        if (pool is null || asked is null || asked.Criteria.Count == 0)
        {
            return new DrawInputReading.Refused(problems);
        }

        // A star in a name is a joint quota only where the pool has no column of that very name.
        IReadOnlyList<QuotaCriterion> single = [.. asked.Criteria.Where(criterion => !IsJoint(criterion, pool))];
        List<SheetProblem> unjoined = [];
        IReadOnlyList<QuotaCriterion> joint = [.. JointQuota.Complete(
            quotas!, asked.Criteria, criterion => IsJoint(criterion, pool),
            part => pool.Find(part) is >= 0 and var column ? pool.Rows.Select(row => row[column]).Where(text => text.Length > 0) : null, JointQuota.RestNames[0], size, unjoined).Where(criterion => IsJoint(criterion, pool))];

        // One that cannot be read has no value for anybody, and no column that could be missing.
        joint = [.. joint.Where(criterion => JointQuota.Of(criterion) is not null)];
        IReadOnlyList<QuotaCriterion> all = [.. single, .. joint];
        PoolReading people = PoolSheet.Read(
            pool, new PoolMapping(id ?? (pool.Find("id") >= 0 ? "id" : ""), "", "", "", household, [.. single.Select(criterion => criterion.Name), .. joint.Select(_ => "")]), all, int.MaxValue);
        problems.AddRange(people.Problems);
        problems.AddRange(unjoined);
        IReadOnlyList<string>? tickets = TicketColumns.Tickets(pool, single, problems);
        IReadOnlyList<string>? nonces = TicketColumns.Nonces(pool, single, problems);
        if (problems.Count > 0)
        {
            return new DrawInputReading.Refused(problems);
        }

        if (people.People.Count < size)
        {
            string count = people.People.Count.ToString(CultureInfo.InvariantCulture);
            return new DrawInputReading.Refused([new SheetProblem("pool-too-small", pool.File, Value: count, Expected: size.ToString(CultureInfo.InvariantCulture))]);
        }

        SortitionPool made = new(
            [.. all.Select(criterion => new QuotaSet(criterion.Name, [.. criterion.Values.Select(value => new Quota(value.Name, value.Min, value.Max, value.MinFlex, value.MaxFlex))]))],
            [.. people.People.Select((person, i) => new Candidate(tickets?[i] ?? TicketOf(person.Id), person.Values, person.HouseholdKey))],
            size);
        return new DrawInputReading.Read(new DrawInput(made, [.. people.People.Select(person => person.Id)], [.. people.People.Select(person => person.Row)], Hash(poolBytes!), Hash(quotaBytes!))
        {
            HasTickets = tickets is not null,
            Nonces = nonces,
        });
    }

    /// <summary>A ticket that depends on the id alone, so that the order of the rows decides nothing. It is no secret; who knows an id can compute it.</summary>
    public static string TicketOf(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("polyphony ticket\0" + CellText.Key(id))).AsSpan(0, 16));

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static bool IsJoint(QuotaCriterion criterion, Sheet pool) => JointQuota.IsNamedSo(criterion.Name) && pool.Find(criterion.Name) < 0;

    private static Sheet? Table(string path, byte[]? content, List<SheetProblem> problems)
    {
        if (content is null)
        {
            return null;
        }

        switch (SheetReader.Read(path, content))
        {
            case SheetReading.Read read:
                return read.Sheet;
            case SheetReading.Refused refused:
                problems.AddRange(refused.Problems);
                return refused.Ragged;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
