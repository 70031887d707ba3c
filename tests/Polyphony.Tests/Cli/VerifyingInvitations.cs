using System.Diagnostics;
using System.Text;

namespace Polyphony.Tests.Cli;

/// <summary>The tool and the Python script over the same draws of invitations; the page in the browser gets the public part of the same ones in Polyphony.Browser.Tests.</summary>
public sealed class VerifyingInvitations : IDisposable
{
    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task The_tool_and_the_script_agree_on_every_check_and_no_tampering_escapes()
    {
        List<(InvitationFiles Files, string Letters)> expected = [.. RandomInvitations.Make(bench, RandomInvitations.Count, RandomInvitations.Seed).Select(files => (files, files.Letters(bench)))];
        Assert.InRange(expected.Count, RandomInvitations.Count * 6, RandomInvitations.Count * 12);
        foreach ((InvitationFiles files, string letters) in expected)
        {
            // Another factor is another plan, which may lead to the same letters; all else contradicts something.
            Assert.True(files.Change == "plan-factor" || (files.Change.Length > 0) == letters.AsSpan().ContainsAny('F', 'X'), $"{files.Change}: {letters}");
        }

        // Each check fails somewhere, by files that the tool understands.
        Assert.All(InvitationFiles.Codes.Index(), code => Assert.Contains(expected, pair => pair.Letters.Length > 1 && pair.Letters[code.Index] == 'F'));
        string batch = bench.File("batch.txt", string.Join('\n', expected.Select(pair => pair.Files.ToLine())) + "\n");
        (int status, string[] said) = await PythonAsync("--batch", batch);
        Assert.True(status == 0, string.Join('\n', said));
        Assert.Equal(expected.Count, said.Length);
        foreach (((InvitationFiles files, string letters), string answer) in expected.Zip(said))
        {
            Assert.True(letters == answer, $"{files.Change}: tool {letters}, script {answer}\n{Encoding.UTF8.GetString(files.Record)}");
        }
    }

    [Fact]
    public async Task The_script_speaks_as_the_tool_does()
    {
        string register = bench.File("register.csv", "id;age;street\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"P{i};{(i % 3 == 0 ? "young" : "old")};Street {i / 2}\n")));
        Assert.Equal(0, bench.Run("invite", "--register", register, "--strata", "age", "--household", "street", "--count", "12", "--randomness", "drand: 8d61d9100567de44682506aea1a7a6fa", "--out", bench["out"]).Code);
        (int code, string[] said) = await PythonAsync(bench["out"], "--register", register, "--ids", bench["ids.csv"]);
        Assert.Equal((0, "nothing failed"), (code, said[^1]));
        Assert.Equal(bench.Table("out/letters.csv").Rows.Select(row => row[bench.Table("out/letters.csv").Find("id")]).Order(StringComparer.Ordinal), bench.Table("ids.csv").Rows.Select(row => row[0]).Order(StringComparer.Ordinal));
        (code, said) = await PythonAsync(bench["out"]);
        Assert.Equal(0, code);
        Assert.Contains("selected: not performed", said);
        bench.File("out/manifest.json", "{}");
        (code, said) = await PythonAsync(bench["out"], "--register", register);
        Assert.Equal((4, "THE DRAW DOES NOT HOLD"), (code, said[^1]));
        Assert.Contains("manifest: FAILED", said);
        bench.File("out/record.json", "{}");
        Assert.Equal(2, (await PythonAsync(bench["out"])).Code);
        Assert.Equal(2, (await PythonAsync(bench["nowhere"])).Code);
    }

    private static async Task<(int Code, string[] Said)> PythonAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("python3", [Repository.PathOf("tools", "verify_invitation.py"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process python = Process.Start(start) ?? throw new InvalidOperationException("python3 is missing: ./test installs it where it may.");
        Task<string> complained = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (python.ExitCode, [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries), .. (await complained).Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
