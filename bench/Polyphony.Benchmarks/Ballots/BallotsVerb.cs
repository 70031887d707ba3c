using System.Globalization;
using System.Text;
using Polyphony.Storage.Connections;

namespace Polyphony.Benchmarks.Ballots;

/// <summary>Durable ballots a second through the full JSON door of the real server.</summary>
internal static class BallotsVerb
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        string data = Directory.CreateTempSubdirectory("polyphony-ballots-").FullName;
        string database = await arguments.FreshDatabaseAsync(data, CancellationToken.None);
        DatabaseAddress address = DatabaseAddress.Parse(database, data);
        int people = arguments.Number("people", 20_000);
        int seconds = arguments.Number("seconds", 10);
        int rate = arguments.Number("rate", 0);
        VotingFixture fixture = await VotingFixture.SeedAsync(address, people, arguments.Number("sessions", 12), CancellationToken.None);
        await using ServerProcess server = new(data, database);
        await server.StartAsync("/health/ready", CancellationToken.None);

        // The first session warms the server up and is not measured.
        FirstBallots voters = new(fixture, server.Port);
        Loopback.Run(server.Port, 64, 4, 0, new Limited(voters, people));
        int before = voters.Asked;
        TimeSpan used = server.ProcessorTime;
        LoadReport report = Loopback.Run(server.Port, arguments.Number("connections", 256), seconds, rate, voters);
        used = server.ProcessorTime - used;
        await using (Storage.Db db = VotingFixture.Open(address))
        {
            int stored = db.Ballots.Count();
            Console.WriteLine($"{report.PerSecond:F0} durable ballots/s over {report.Seconds:F1} s; p50 {report.Percentile(0.5):F1} ms, p99 {report.Percentile(0.99):F1} ms, longest {report.Percentile(1):F1} ms");
            Console.WriteLine($"{report.Answers} acknowledged, {report.Failures} refused {report.FirstFailure}; {stored} ballots in the database, {before + report.Answers} expected at least");
            Console.WriteLine($"server: {used.TotalSeconds / report.Seconds:F2} cores, {used.TotalMicroseconds / Math.Max(1, report.Answers):F0} µs a ballot, {server.WorkingSet >> 20} MiB");
        }

        await server.KillAsync();
        if (address is DatabaseAddress.Postgres postgres)
        {
            double raw = await RawUpserts.RunAsync(postgres, Math.Min(seconds, 10));
            Console.WriteLine($"raw batched upserts of the same rows in the same database: {raw:F0}/s; ratio {report.PerSecond / raw:F2}");
        }

        Directory.Delete(data, recursive: true);
        return report.Failures == 0 ? 0 : 1;
    }

    private sealed class Limited(IQuestioner inner, int most) : IQuestioner
    {
        private int left = most;

        public int Next(Span<byte> request) => left-- > 0 ? inner.Next(request) : 0;

        public void Heard(ReadOnlySpan<byte> answer) => inner.Heard(answer);
    }

    /// <summary>Everybody's first ballot to one session after the other: no ballot is a change of an earlier one.</summary>
    private sealed class FirstBallots : IQuestioner
    {
        private readonly VotingFixture fixture;
        private readonly byte[][] templates;
        private readonly byte[][] codes;
        private readonly int code;
        private readonly int key;
        private readonly Dice dice = new(1);

        public FirstBallots(VotingFixture fixture, int port)
        {
            this.fixture = fixture;
            codes = [.. fixture.Codes.Select(Encoding.ASCII.GetBytes)];
            templates = [.. fixture.Sessions.SelectMany(session => Enumerable.Range(0, 60).Select(i =>
            {
                string body = session.Body(i % 4, i / 4 % 3, i / 12);
                return Encoding.ASCII.GetBytes(
                    $"POST /api/v1/sessions/{session.Id}/ballot HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {new string('c', 22)}\r\nIdempotency-Key: {new string('k', 32)}\r\n"
                    + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            }))];
            code = templates[0].AsSpan().IndexOf("Bearer "u8) + 7;
            key = templates[0].AsSpan().IndexOf("Idempotency-Key: "u8) + 17;
        }

        public int Asked { get; private set; }

        public int Next(Span<byte> request)
        {
            int session = Asked / codes.Length;
            if (session == fixture.Sessions.Count)
            {
                return 0;
            }

            byte[] template = templates[(session * 60) + dice.Below(60)];
            template.CopyTo(request);
            codes[Asked % codes.Length].CopyTo(request[code..]);
            dice.Next().TryFormat(request[key..], out _, "x16", CultureInfo.InvariantCulture);
            dice.Next().TryFormat(request[(key + 16)..], out _, "x16", CultureInfo.InvariantCulture);
            Asked++;
            return template.Length;
        }

        public void Heard(ReadOnlySpan<byte> answer)
        {
        }
    }
}
