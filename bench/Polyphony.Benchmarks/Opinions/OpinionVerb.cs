using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Sheets;
using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Stable;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Benchmarks.Opinions;

/// <summary>The map of opinions of a generated conversation: from its votes as CSV in memory (or, with <c>--from votes</c>, as they are), and again after more votes.</summary>
internal static class OpinionVerb
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        int people = arguments.Number("people", 33_422), statements = arguments.Number("statements", 783), votes = arguments.Number("votes", 2_000_000);
        int threads = arguments.Number("threads", Environment.ProcessorCount), more = arguments.Number("more", 50), rounds = arguments.Number("rounds", 5);
        bool isCsv = arguments.Text("from", "csv") == "csv";
        Conversation made = new(people, statements, votes, arguments.Number("camps", 3));
        byte[] csv = isCsv ? made.Csv() : [];
        Statement[] known = [.. Enumerable.Range(0, statements).Select(s => new Statement(s.ToString(CultureInfo.InvariantCulture)))];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{people} people, {statements} statements, {made.Votes} votes, {threads} threads; generated: {Memory()} MB in use, of it {csv.Length >> 20} MB CSV"));
        await WarmUpAsync(known, arguments.Number("warm-up", 40), threads);
        // What the small ones took must not count as memory of the large one.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Console.WriteLine("| what | wall ms | processor ms | of it kernel | compiled | compiling ms | collections | collecting ms |");
        VoteTable table = isCsv ? null! : made.Table();
        CoVotes sums = null!;
        StableMap map = null!;
        Measure("cold", () =>
        {
            if (isCsv)
            {
                Measure("  votes", () => table = Read(csv, statements));
            }

            Measure("  statistics", () => sums = CoVotes.Of(table, threads));
            Measure("  map", () => map = StableMap.Of(table, sums, known, threads));
        });
        Dice chance = new(99);
        for (int round = 0; round < rounds; round++)
        {
            Measure($"after {more} more votes", () =>
            {
                for (int vote = 0; vote < more; vote++)
                {
                    sums.Set(table, chance.Below(people), chance.Below(statements), chance.Below(3) - 1);
                }

                map = StableMap.Of(table, sums, known, threads);
            });
        }

        const int Single = 100_000;
        (int Person, int Statement, int Value)[] single = [.. Enumerable.Range(0, Single).Select(_ => (chance.Below(people), chance.Below(statements), chance.Below(3) - 1))];
        Measure($"{Single} votes into the statistics, one by one", () =>
        {
            foreach ((int person, int statement, int value) in single)
            {
                sums.Set(table, person, statement, value);
            }
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"k {map.K}; least stabilities {string.Join(' ', map.Tried.Select(one => one.Least.ToString("F2", CultureInfo.InvariantCulture)))}; {map.Hash}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak memory of the process {PeakMegabytes()} MB"));
        return 0;
    }

    /// <summary>A server has compiled this long ago: small conversations come first, and votes after them, until nothing is left to compile.</summary>
    private static async Task WarmUpAsync(Statement[] known, int maps, int threads)
    {
        const int Most = 60;
        Dice chance = new(7);
        // What is called often is compiled again, first to be watched and then for good: that takes rounds with rest between them.
        for (int round = 0; round < 2 && maps > 0; round++)
        {
            for (int warm = 0; warm < maps; warm++)
            {
                VoteTable small = Read(new Conversation(400, Most, 9_000, 3).Csv(), Most);
                CoVotes sums = CoVotes.Of(small, threads);
                sums.Set(small, chance.Below(small.People), chance.Below(Most), chance.Below(3) - 1);
                _ = StableMap.Of(small, sums, known[..Math.Min(Most, known.Length)], threads);
            }

            for (long before = -1; before != JitInfo.GetCompiledMethodCount();)
            {
                before = JitInfo.GetCompiledMethodCount();
                await Task.Delay(400);
            }
        }
    }

    private static VoteTable Read(byte[] csv, int statements)
    {
        List<SheetProblem> problems = [];
        IdIndex ids = new();
        Span<byte> text = stackalloc byte[8];
        for (int s = 0; s < statements; s++)
        {
            _ = Utf8Formatter.TryFormat(s, text, out int length);
            ids.Of(text[..length]);
        }

        List<CastVote> votes = new(csv.Length / 20);
        using LargeCsv file = LargeCsv.Of("votes.csv", csv, problems)!;
        IdIndex voters = PolisVotes.Read(file, ids, (voter, statement, vote, time) => votes.Add(new(voter, (ushort)statement, vote, time)), problems.Add, CancellationToken.None)!;
        return VoteTable.Of(voters.Count, statements, CollectionsMarshal.AsSpan(votes));
    }

    private static void Measure(string what, Action work)
    {
        using Process own = Process.GetCurrentProcess();
        TimeSpan before = own.TotalProcessorTime, kernel = own.PrivilegedProcessorTime, compiling = JitInfo.GetCompilationTime(), collecting = GC.GetTotalPauseDuration();
        long compiled = JitInfo.GetCompiledMethodCount();
        int collections = GC.CollectionCount(0);
        Stopwatch watch = Stopwatch.StartNew();
        work();
        watch.Stop();
        own.Refresh();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {watch.Elapsed.TotalMilliseconds:F1} | {(own.TotalProcessorTime - before).TotalMilliseconds:F0} | {(own.PrivilegedProcessorTime - kernel).TotalMilliseconds:F0} | {JitInfo.GetCompiledMethodCount() - compiled} | {(JitInfo.GetCompilationTime() - compiling).TotalMilliseconds:F0} | {GC.CollectionCount(0) - collections} | {(GC.GetTotalPauseDuration() - collecting).TotalMilliseconds:F0} |"));
    }

    private static long Memory()
    {
        GC.Collect();
        using Process own = Process.GetCurrentProcess();
        return own.WorkingSet64 >> 20;
    }

    private static long PeakMegabytes()
    {
        using Process own = Process.GetCurrentProcess();
        return own.PeakWorkingSet64 >> 20;
    }

    /// <summary>People of some camps; most statements divide the camps, people see statements by chance, active ones more of them.</summary>
    private sealed class Conversation(int people, int statements, int votes, int camps)
    {
        private const long Start = 1_700_000_000_000;

        public int Votes { get; } = votes;

        public byte[] Csv()
        {
            // Made twice, so that nothing larger than the file is ever in memory.
            long length = 35;
            Span<byte> number = stackalloc byte[24];
            foreach (CastVote vote in Cast())
            {
                length += 17 + Length(number, vote.Statement) + Length(number, vote.Person) + (vote.Value < 0 ? 2 : 1);
            }

            byte[] csv = new byte[length + 24];
            "timestamp,comment-id,voter-id,vote\n"u8.CopyTo(csv);
            int at = 35;
            foreach (CastVote vote in Cast())
            {
                at = Write(csv, at, vote.Time, (byte)',');
                at = Write(csv, at, vote.Statement, (byte)',');
                at = Write(csv, at, vote.Person, (byte)',');
                at = Write(csv, at, vote.Value, (byte)'\n');
            }

            // What is left over is spaces at the end, which no row is made of.
            csv.AsSpan(at).Fill((byte)' ');
            return csv;
        }

        public VoteTable Table()
        {
            VoteTable table = VoteTable.WithRoom(statements, Votes);
            List<(int Statement, int Value)> own = [];
            int person = 0;
            foreach (CastVote vote in Cast())
            {
                if (vote.Person != person)
                {
                    table.Join(CollectionsMarshal.AsSpan(own));
                    own.Clear();
                    person = vote.Person;
                }

                own.Add((vote.Statement, vote.Value));
            }

            table.Join(CollectionsMarshal.AsSpan(own));
            return table;
        }

        private static int Length(Span<byte> number, long value) => Utf8Formatter.TryFormat(value, number, out int length) ? length : throw new UnreachableException();

        private static int Write(byte[] csv, int at, long number, byte end)
        {
            _ = Utf8Formatter.TryFormat(number, csv.AsSpan(at), out int length);
            csv[at + length] = end;
            return at + length + 1;
        }

        private IEnumerable<CastVote> Cast()
        {
            Dice chance = new(17);
            sbyte[][] lines = [.. Enumerable.Range(0, camps).Select(_ => Enumerable.Range(0, statements).Select(_ => (sbyte)(chance.Below(2) == 0 ? -1 : 1)).ToArray())];
            // A person's votes come in a row, on statements spread over all of them.
            int left = Votes;
            for (int person = 0; person < people; person++)
            {
                int mean = left / (people - person);
                int own = person == people - 1 ? Math.Min(left, statements) : Math.Min(Math.Min(statements, left), Math.Max(1, (mean / 2) + chance.Below(mean + 1)));
                int first = chance.Below(statements), step = Step(chance);
                for (int vote = 0; vote < own; vote++)
                {
                    int statement = (int)((first + ((long)vote * step)) % statements);
                    sbyte value = chance.Below(100) < 70 ? lines[person % camps][statement] : (sbyte)(chance.Below(3) - 1);
                    yield return new(person, (ushort)statement, value, Start + Votes - left--);
                }
            }
        }

        private int Step(Dice chance)
        {
            while (true)
            {
                int step = 1 + chance.Below(Math.Max(1, statements - 1));
                if (System.Numerics.BigInteger.GreatestCommonDivisor(step, statements).IsOne)
                {
                    return step;
                }
            }
        }
    }
}
