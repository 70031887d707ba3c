using System.Globalization;
using Npgsql;
using Polyphony.Storage.Connections;

namespace Polyphony.Benchmarks;

/// <summary>What stands behind the verb: pairs of <c>--name value</c>.</summary>
internal sealed record Arguments(IReadOnlyDictionary<string, string> Values)
{
    public static Arguments Of(string[] args)
    {
        Dictionary<string, string> values = [];
        for (int i = 1; i + 1 < args.Length; i += 2)
        {
            values[args[i]] = args[i + 1];
        }

        return new(values);
    }

    public int Number(string name, int otherwise) => Values.TryGetValue("--" + name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public string Text(string name, string otherwise) => Values.GetValueOrDefault("--" + name, otherwise);

    /// <summary>A fresh database of its own: a file in <paramref name="directory"/>, or a new database on the PostgreSQL server that <c>--database postgres://…</c> names.</summary>
    /// <returns>As <c>Polyphony__Database</c> takes it.</returns>
    public async Task<string> FreshDatabaseAsync(string directory, CancellationToken cancellationToken)
    {
        string asked = Text("database", "sqlite");
        if (asked == "sqlite")
        {
            return Path.Combine(directory, "polyphony.db");
        }

        string name = "bench" + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N");
        await using NpgsqlConnection connection = new(((DatabaseAddress.Postgres)DatabaseAddress.Parse(asked, directory)).ConnectionString);
        await connection.OpenAsync(cancellationToken);
#pragma warning disable CA2100 // The name is made here.
        await using NpgsqlCommand create = new($"CREATE DATABASE {name}", connection);
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync(cancellationToken);
        return new UriBuilder(asked) { Path = "/" + name }.Uri.AbsoluteUri;
    }

    public static int Explain()
    {
        Console.Error.WriteLine("""
            ballots  [--database sqlite|postgres://user:password@host:port/postgres] [--seconds 10] [--connections 256] [--rate 0] [--people 20000] [--sessions 10]
            kills    [--count 100] [--seed 1] [--database …] [--fault acknowledge-early|no-idempotency]
            opinion  [--people 33422] [--statements 783] [--votes 2000000] [--camps 3] [--from csv|votes] [--threads 2] [--more 50] [--rounds 5] [--warm-up 40]
            pages    [--people 10000] [--rounds 40] [--seconds 10] [--connections 64] [--database …]
            planner  [--people 500] [--tables 50] [--rounds 6] [--moves 60] [--chromium /usr/bin/chromium] [--drags 45] [--published DIR] [--database …]
            lottery  [--people 800]
            register [--rows 1000000] [--out register.csv]
            relax    [--people 2000] [--size 100]
            scale    [--tool polyphony/polyphony] [--people 500,1000,2000,5000,10000,20000] [--sizes 50,100,200]
            seats    [--data tests/vectors/seating] [--only people-100] [--seeds 3] [--effort 1]
            slate    [--people 1579] [--statements 896] [--size 10] [--runs 40]
            start    [--count 5] [--database …] [--published DIR]
            sites    [--sites 27] [--size 96] [--people 600] [--database …]
            """);
        return 2;
    }
}
