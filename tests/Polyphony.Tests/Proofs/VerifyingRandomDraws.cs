using System.Diagnostics;
using System.Text;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

/// <summary>The library and the Python script over the same 10,000 draws; the page in the browser gets the same ones in Polyphony.Browser.Tests.</summary>
public sealed class VerifyingRandomDraws
{
    private const int Count = 10_000;
    private const int Seed = 20_261_125;

    [Fact]
    public async Task The_library_and_the_script_agree_on_every_check_and_no_tampering_escapes()
    {
        string batch = Path.GetTempFileName();
        try
        {
            List<(RandomDraw Draw, string Letters)> expected = [];
            await using (StreamWriter lines = new(batch, false, new UTF8Encoding(false)))
            {
                foreach (RandomDraw draw in RandomDraws.Make(Count, Seed))
                {
                    expected.Add((draw with { Evidence = new DrawEvidence([]) }, draw.Letters()));
                    await lines.WriteLineAsync(draw.ToLine());
                    Judge(draw, expected[^1].Letters);
                }
            }

            Assert.InRange(expected.Count(pair => pair.Draw.IsTampered), Count / 2, Count * 8 / 10);
            Assert.InRange(expected.Count(pair => pair.Draw.WrongBy.Length > 0), Count / 25, Count / 5);
            string[] answers = await PythonAsync("--batch", batch);
            Assert.Equal(Count, answers.Length);
            int signature = DrawVerifier.Codes.ToList().IndexOf("signature");
            for (int number = 0; number < Count; number++)
            {
                string letters = expected[number].Letters;
                Assert.True(answers[number] == letters[..signature] + "-" + letters[(signature + 1)..], $"draw {number}: library {letters}, script {answers[number]}");
            }
        }
        finally
        {
            File.Delete(batch);
        }
    }

    [Fact]
    public async Task Each_rule_broken_by_itself_is_found_by_the_library_and_by_the_script()
    {
        (string Rule, string Failed, DrawEvidence Draw)[] broken = [.. BrokenRules.All()];
        string batch = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(batch, broken.Select(one => new RandomDraw(one.Draw, true, true).ToLine()), TestContext.Current.CancellationToken);
            string[] answers = await PythonAsync("--batch", batch);
            int signature = DrawVerifier.Codes.ToList().IndexOf("signature");
            foreach (((string rule, string failed, DrawEvidence draw), string answer) in broken.Zip(answers))
            {
                Assert.Equal($"{rule}: {failed}", $"{rule}: {string.Join(' ', DrawVerifier.Verify(draw).Where(check => check.State == CheckState.Failed).Select(check => check.Code).Order(StringComparer.Ordinal))}");
                string letters = new RandomDraw(draw, true, true).Letters();
                Assert.Equal($"{rule}: {letters[..signature]}-{letters[(signature + 1)..]}", $"{rule}: {answer}");
            }
        }
        finally
        {
            File.Delete(batch);
        }
    }

    [Fact]
    public void The_script_has_two_hundred_lines_at_most_and_imports_only_the_standard_library()
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("tools", "verify_draw.py"));
        Assert.InRange(lines.Length, 1, 200);
        string[] imports = [.. lines.Select(line => line.Trim()).Where(line => line.StartsWith("import ", StringComparison.Ordinal) || line.StartsWith("from ", StringComparison.Ordinal))];
        Assert.Equal(["import argparse, base64, hashlib, hmac, json, math, os, re, sys"], imports);
    }

    [Fact]
    public async Task The_script_says_what_it_did_not_check_and_ends_with_four_when_a_check_fails()
    {
        RandomDraw draw = RandomDraws.Make(200, 7).First(draw => draw is { IsTampered: false, WrongBy: "", HasLog: true, Evidence.Panels: not null });
        string folder = Directory.CreateTempSubdirectory().FullName;
        string record = Path.Combine(folder, "record.json");
        string panels = Path.Combine(folder, "panels.json");
        await File.WriteAllBytesAsync(record, draw.Evidence.Record, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(panels, draw.Evidence.Panels!, TestContext.Current.CancellationToken);
        string[] said = await PythonAsync(record, "--panels", panels);
        Assert.Contains("signature: not checked", said);
        Assert.Contains("quotas: not performed", said);
        Assert.Contains("anchor: not performed", said);
        Assert.Contains("panels: passed", said);
        Assert.Equal("nothing failed", said[^1]);
        string text = Encoding.UTF8.GetString(draw.Evidence.Record);
        await File.WriteAllTextAsync(record, text.Replace("\"drawnAt\":\"2026", "\"drawnAt\":\"2027", StringComparison.Ordinal), new UTF8Encoding(false), TestContext.Current.CancellationToken);
        (int code, string[] refused) = await RunAsync(record);
        Assert.Equal(4, code);
        Assert.Contains("log: FAILED", refused);
        Directory.Delete(folder, recursive: true);
    }

    private static void Judge(RandomDraw draw, string letters)
    {
        IReadOnlyList<DrawCheck> checks = DrawVerifier.Verify(draw.Evidence);
        if (draw.WrongBy.Length > 0)
        {
            Assert.True(checks.Single(check => check.Code == draw.WrongBy).State == CheckState.Failed, $"a wrong draw came through: {draw.WrongBy} {letters}\n{Encoding.UTF8.GetString(draw.Evidence.Record)}");
        }
        else if (draw.IsTampered && draw.HasLog)
        {
            Assert.True(letters.Contains('F', StringComparison.Ordinal) && !DrawVerifier.Holds(checks), $"a tampered draw came through: {letters}\n{Encoding.UTF8.GetString(draw.Evidence.Record)}");
        }
        else if (!draw.IsTampered)
        {
            Assert.True(!letters.Contains('F', StringComparison.Ordinal) && DrawVerifier.Holds(checks), $"a whole draw was refused: {letters}\n{Encoding.UTF8.GetString(draw.Evidence.Record)}");
            Assert.Equal('N', letters[^1]);
        }
    }

    private static async Task<string[]> PythonAsync(params string[] arguments)
    {
        (int code, string[] said) = await RunAsync(arguments);
        Assert.True(code == 0, string.Join('\n', said));
        return said;
    }

    private static async Task<(int Code, string[] Said)> RunAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("python3", [Repository.PathOf("tools", "verify_draw.py"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process python = Process.Start(start) ?? throw new InvalidOperationException("python3 is missing: ./test installs it where it may.");
        Task<string> complained = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (python.ExitCode, [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries), .. (await complained).Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
