using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Draws;

/// <summary>A draw of the server in the hands of the offline tool: proven from people and quotas, gone on from, and refused when something was changed.</summary>
public sealed class TakingTheFiles(TestServer server) : IDisposable
{
    private const string Later = "drand quicknet round 2000: 00c1a33c1f4bb8f9f14d6de3e42c1dc2ad5a5cb0f0e1d2c3b4a59687766554433";

    private readonly string directory = Directory.CreateTempSubdirectory("polyphony-files-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task The_tool_proves_the_draw_of_the_server_and_goes_on_from_it()
    {
        using DrawTown town = await DrawnAsync("taken");
        string folder = await TakeAsync(town, 1);
        Assert.Equal(
            ["lottery.json", "manifest.json", "panels.csv", "panels.json", "pool.csv", "probabilities.csv", "quotas.csv", "record.json", "status.csv"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string pool = await File.ReadAllTextAsync(Path.Combine(folder, "pool.csv"), Stop);
        Assert.StartsWith("id,ticket,nonce,household,criterion 0\n", pool, StringComparison.Ordinal);
        Assert.Equal(["", "1"], pool.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(',')[3]).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(2, pool.Split('\n').Count(row => row.Split(',') is { Length: 5 } cells && cells[3] == "1"));
        foreach (string file in Directory.GetFiles(folder))
        {
            string text = await File.ReadAllTextAsync(file, Stop);
            Assert.All((string[])["Name-", "RUE DU LAC", "@"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        }

        (int code, JsonObject verified) = Verify(folder);
        Assert.True(code == 0, verified.ToJsonString());
        Assert.Equal(["anchor", "before", "person", "quotas"], Codes(verified, "not performed"));
        Assert.All((string[])["lottery", "committed", "inputs", "mixed", "gap", "signature", "times"], check => Assert.Contains(check, Codes(verified, "passed")));

        // Somebody of the panel withdraws; the tool draws who steps in from the same tickets, and every verifier takes it as the next link of the server's chain.
        string status = await File.ReadAllTextAsync(Path.Combine(folder, "status.csv"), Stop);
        Assert.Equal(3, status.Split("selected").Length - 1);
        await File.WriteAllTextAsync(Path.Combine(folder, "status.csv"), status[..(status.LastIndexOf("selected", StringComparison.Ordinal))] + "withdrawn\n", Stop);
        string next = Path.Combine(directory, "next");
        (code, JsonObject replaced) = Replace(folder, next);
        Assert.True(code == 0, replaced.ToJsonString());
        Assert.Equal((2, 1, 1), ((int)replaced["staying"]!, (int)replaced["leaving"]!, (int)replaced["needed"]!));
        JsonNode manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(next, "manifest.json"), Stop))!;
        JsonNode first = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "manifest.json"), Stop))!;
        Assert.True(JsonNode.DeepEquals(first["tickets"], manifest["tickets"]));
        (code, verified) = Verify(next, folder);
        Assert.True(code == 0, verified.ToJsonString());
        Assert.All((string[])["before", "replaces", "lottery", "inputs", "gap"], check => Assert.Contains(check, Codes(verified, "passed")));
        Assert.Equal(0, await ScriptAsync(next));

        // Computed first and drawn later, the tickets go along.
        string computed = Path.Combine(directory, "computed"), drawn = Path.Combine(directory, "drawn");
        Assert.Equal(0, Replace(folder, computed, null).Code);
        Assert.Equal(0, Tool("draw", "pick", "--lottery", computed, "--randomness", Later, "--out", drawn).Code);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(next, "record.json"), Stop), await File.ReadAllBytesAsync(Path.Combine(drawn, "record.json"), Stop));
    }

    [Fact]
    public async Task What_was_changed_is_refused()
    {
        using DrawTown town = await DrawnAsync("changed");
        string folder = await TakeAsync(town, 1);
        string[] rows = (await File.ReadAllTextAsync(Path.Combine(folder, "pool.csv"), Stop)).Split('\n');
        string ticket = rows[1].Split(',')[1], other = rows[2].Split(',')[1];

        Refused(4, "inputs", "pool.csv", pool => pool.Replace(ticket, "x", StringComparison.Ordinal).Replace(other, ticket, StringComparison.Ordinal).Replace("x", other, StringComparison.Ordinal));
        Refused(2, "not-hexadecimal@2:ticket", "pool.csv", pool => pool.Replace(ticket, "1.23E+31", StringComparison.Ordinal));
        Refused(2, "ticket-twice@3:ticket", "pool.csv", pool => pool.Replace(other, ticket, StringComparison.Ordinal));
        Refused(4, "fractions", "probabilities.csv", table => table.Replace(",1000,", ",999,", StringComparison.Ordinal));
        Refused(4, "lottery", "probabilities.csv", table => table.Replace(ticket, new string('0', 32), StringComparison.Ordinal));
        Refused(4, "inputs", "quotas.csv", quotas => quotas.Replace("0.0,1,2", "0.0,0,2", StringComparison.Ordinal));
        Refused(4, "lottery", "lottery.json", lottery => lottery.Replace("\"size\": 3", "\"size\": 2", StringComparison.Ordinal));
        Refused(4, "panels", "panels.json", panels => panels.Replace(ticket, new string('0', 32), StringComparison.Ordinal));

        // Whoever changes what was recorded of somebody, and writes the hash of the pool anew, breaks the commitment.
        string before = Hash(folder);
        Refused(4, "committed", "pool.csv", pool => pool.Replace(rows[1], rows[1].Replace("0.0", "0.#", StringComparison.Ordinal).Replace("0.1", "0.0", StringComparison.Ordinal).Replace("0.#", "0.1", StringComparison.Ordinal), StringComparison.Ordinal), () =>
            File.WriteAllText(Path.Combine(folder, "lottery.json"), File.ReadAllText(Path.Combine(folder, "lottery.json")).Replace(before, Hash(folder), StringComparison.Ordinal)));

        // Nobody is drawn from a pool with another ticket.
        string pool = Path.Combine(folder, "pool.csv");
        await File.WriteAllTextAsync(pool, (await File.ReadAllTextAsync(pool, Stop)).Replace(ticket, new string('0', 32), StringComparison.Ordinal), Stop);
        string status = Path.Combine(folder, "status.csv");
        await File.WriteAllTextAsync(status, (await File.ReadAllTextAsync(status, Stop)).Replace("selected", "confirmed", StringComparison.Ordinal), Stop);
        (int code, JsonObject answer) = Replace(folder, Path.Combine(directory, "next"));
        Assert.Equal((2, "not-in-the-draw pool-lacks-people"), (code, string.Join(' ', answer["problems"]!.AsArray().Select(problem => (string)problem!["code"]!))));

        // A file is changed, the tool asked, and everything put back.
        void Refused(int expected, string said, string name, Func<string, string> change, Action? also = null)
        {
            string path = Path.Combine(folder, name);
            string whole = File.ReadAllText(path), lottery = File.ReadAllText(Path.Combine(folder, "lottery.json"));
            string changed = change(whole);
            Assert.NotEqual(whole, changed);
            File.WriteAllText(path, changed);
            also?.Invoke();
            (int code, JsonObject answer) = Verify(folder);
            File.WriteAllText(Path.Combine(folder, "lottery.json"), lottery);
            File.WriteAllText(path, whole);
            Assert.Equal(expected, code);
            Assert.Contains(said, answer["problems"] is JsonArray problems ? problems.Select(problem => $"{problem!["code"]}@{problem["row"]}:{problem["column"]}") : Codes(answer, "failed"));
        }
    }

    [Fact]
    public async Task Replacements_of_the_server_come_with_the_draws_before_them_by_lottery_and_by_order()
    {
        using DrawTown town = await DrawnAsync("chain");
        string page = $"/organise/{town.Slug}/participants/replace";
        await LeaveAsync(town);
        await town.Organiser.PostAsync(page + "/compute");
        await town.UntilAsync(job => job.State > JobState.Running);

        // One that is called off takes a number: the next draw is no longer the one after the first.
        await town.Organiser.PostAsync(page + "/cancel");
        await town.Organiser.PostAsync(page + "/compute");
        await town.UntilAsync(job => job.State > JobState.Running);
        await town.FreezeAsync(page, "dice", "three dice");
        Assert.EndsWith("?notice=replaced", (await town.Organiser.PostAsync(page + "/draw", ("value", "9 9 9"))).Path, StringComparison.Ordinal);
        string second = await TakeAsync(town, (await town.NewestAsync(LotteryKind.Replacement)).Attempt);
        (int code, JsonObject verified) = Verify(second);
        Assert.True(code == 0, verified.ToJsonString());
        Assert.All((string[])["before", "replaces", "seated", "lottery", "committed", "inputs", "gap"], check => Assert.Contains(check, Codes(verified, "passed")));

        await LeaveAsync(town);
        await town.FreezeAsync(page, "beacon", "drand quicknet round 7");
        Assert.EndsWith("?notice=replaced", (await town.Organiser.PostAsync(page + "/draw", ("value", new string('c', 64)))).Path, StringComparison.Ordinal);
        string third = await TakeAsync(town, (await town.NewestAsync(LotteryKind.Replacement)).Attempt);
        Assert.Equal(["before-2.json", "before.json", "manifest.json", "pool.csv", "quotas.csv", "record.json", "status.csv"], Directory.GetFiles(third).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        (code, verified) = Verify(third);
        Assert.True(code == 0, verified.ToJsonString());
        Assert.All((string[])["before", "chain", "order"], check => Assert.Contains(check, Codes(verified, "passed")));

        // The statuses are of today: they belong to the draw held last, and the tool goes on from there.
        Assert.False(File.Exists(Path.Combine(await TakeAsync(town, 1), "status.csv")));
        await LeaveAsync(town);
        third = await TakeAsync(town, (await town.NewestAsync(LotteryKind.Replacement)).Attempt);
        string fourth = Path.Combine(directory, "fourth");
        (code, JsonObject replaced) = Replace(third, fourth);
        Assert.True(code == 0, replaced.ToJsonString());
        Assert.Equal(3, Directory.GetFiles(fourth, "before*.json").Length);
        (code, verified) = Verify(fourth, third);
        Assert.True(code == 0, verified.ToJsonString());
    }

    [Fact]
    public async Task They_are_for_organisers_alone_and_the_journal_notes_who_took_them()
    {
        using DrawTown town = await DrawnAsync("audited");
        Assert.Contains("Download the files of the panel (no. 1)", (await town.Organiser.OpenAsync(town.Draw)).Text, StringComparison.Ordinal);
        using Visitor auditor = await town.AuditorAsync();
        Assert.DoesNotContain("Download the files", await (await auditor.GetAsync(town.Draw)).Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.DoesNotContain("draw.files-taken", await town.CodesAsync());
        await TakeAsync(town, 1);
        var entry = await server.WithDbAsync(db => db.Journal.AsNoTracking().SingleAsync(entry => entry.DialogueId == town.Dialogue && entry.Code == "draw.files-taken", Stop));
        Assert.NotNull(entry.StaffId);
        Assert.Equal("{\"attempt\":1}", entry.Facts);
        Assert.Equal(HttpStatusCode.NotFound, (await town.Organiser.PostAsync(town.Draw + "/7/files")).Status);

        // A pool that is no longer the one of the freeze.
        await server.WithDbAsync(async db =>
        {
            PoolMemberId[] drawn = await db.Participants.Where(participant => participant.DialogueId == town.Dialogue).Select(participant => participant.PoolMemberId).ToArrayAsync(Stop);
            return await db.PoolMembers.Where(member => member.DialogueId == town.Dialogue && !drawn.Contains(member.Id)).ExecuteDeleteAsync(Stop);
        });
        Page gone = await town.Organiser.PostAsync(town.Draw + "/1/files");
        Assert.EndsWith("?problem=files-gone", gone.Path, StringComparison.Ordinal);
        Assert.Contains("can no longer be proven", gone.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Download the files of the panel", gone.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Prove the draw from its people", gone.Text, StringComparison.Ordinal);
        Assert.Contains("Prove what was published of the draw", gone.Text, StringComparison.Ordinal);

        // What was published holds nobody's data and proves what it always did.
        Assert.Contains("Download what was published of the panel (no. 1)", gone.Text, StringComparison.Ordinal);
        string published = await TakeAsync(town, 1, "published");
        Assert.Equal(["manifest.json", "panels.json", "record.json"], Directory.GetFiles(published).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string file in Directory.GetFiles(published))
        {
            Assert.DoesNotContain("Id-0", await File.ReadAllTextAsync(file, Stop), StringComparison.Ordinal);
        }

        (int code, JsonObject verified) = Tool("draw", "verify", published);
        Assert.True(code == 0, verified.ToJsonString());
        Assert.Empty(Codes(verified, "failed"));
        Assert.All((string[])["manifest", "seed", "chance", "panels"], check => Assert.Contains(check, Codes(verified, "passed")));
        Assert.Single(await town.CodesAsync(), "draw.files-taken");
    }

    [Fact]
    public async Task A_criterion_may_be_called_like_a_column_of_ours_but_not_like_those_that_the_tool_looks_for()
    {
        using DrawTown home = await DrawnAsync("home", "Household");
        string folder = await TakeAsync(home, 1);
        Assert.StartsWith("id,ticket,nonce,household_,Household\n", await File.ReadAllTextAsync(Path.Combine(folder, "pool.csv"), Stop), StringComparison.Ordinal);
        Assert.Equal(0, Verify(folder).Code);
        using DrawTown ticket = await DrawnAsync("ticket", "Ticket");
        Assert.EndsWith("?problem=files-name", (await ticket.Organiser.PostAsync(ticket.Draw + "/1/files")).Path, StringComparison.Ordinal);
    }

    /// <summary>Eight people of whom two men share a flat, and a third has one to himself; a panel of three is drawn.</summary>
    private async Task<DrawTown> DrawnAsync(string name, string criterion = "criterion 0")
    {
        DrawTown town = await DrawTown.SmallAsync(server, name);
        await server.WithDbAsync(db => db.PoolMembers.Where(member => member.DialogueId == town.Dialogue && (member.ExternalId == "Id-000" || member.ExternalId == "Id-001"))
            .ExecuteUpdateAsync(set => set.SetProperty(member => member.HouseholdKey, "RUE DU LAC 1"), Stop));
        await server.WithDbAsync(db => db.PoolMembers.Where(member => member.DialogueId == town.Dialogue && member.ExternalId == "Id-002").ExecuteUpdateAsync(set => set.SetProperty(member => member.HouseholdKey, "RUE DU LAC 2"), Stop));
        await server.WithDbAsync(db => db.Criteria.Where(row => row.DialogueId == town.Dialogue).ExecuteUpdateAsync(set => set.SetProperty(row => row.Name, criterion), Stop));
        await town.ComputeAsync();
        await town.FreezeAsync(town.Draw, "dice", "three dice");
        await town.Organiser.PostAsync(town.Draw + "/ceremony", ("value", "0 0 7"));
        return town;
    }

    /// <summary>A man of the panel declines: there are enough of them.</summary>
    private Task<int> LeaveAsync(DrawTown town) => server.WithDbAsync(async db =>
    {
        var seated = await (
            from participant in db.Participants
            where participant.DialogueId == town.Dialogue && participant.Status == ParticipantStatus.Selected
            join member in db.PoolMembers on participant.PoolMemberId equals member.Id
            orderby participant.Number
            select new { participant, member.Values }).ToListAsync(Stop);
        seated.First(row => row.Values[0] == 0).participant.Status = ParticipantStatus.Declined;
        return await db.SaveChangesAsync(Stop);
    });

    /// <summary>Downloads and unpacks.</summary>
    private async Task<string> TakeAsync(DrawTown town, int attempt, string only = "")
    {
        byte[] file = await town.Organiser.DownloadAsync($"{town.Draw}/{attempt}/files", ("only", only));
        string folder = Path.Combine(directory, $"{town.Slug}-draw-{attempt}{(only.Length > 0 ? "-" + only : "")}");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await using ZipArchive archive = new(new MemoryStream(file));
        await archive.ExtractToDirectoryAsync(directory, Stop);
        Assert.True(Directory.Exists(folder));
        return folder;
    }

    private static (int Code, JsonObject Answer) Verify(string folder, string? inputs = null) =>
        Tool("draw", "verify", folder, "--deep", "--pool", Path.Combine(inputs ?? folder, "pool.csv"), "--quotas", Path.Combine(inputs ?? folder, "quotas.csv"));

    private static (int Code, JsonObject Answer) Replace(string folder, string to, string? randomness = Later) => Tool([
        "draw", "replace", "--record", folder, "--pool", Path.Combine(folder, "pool.csv"), "--quotas", Path.Combine(folder, "quotas.csv"), "--status", Path.Combine(folder, "status.csv"), "--panels", "20", "--out", to,
        .. randomness is null ? Array.Empty<string>() : ["--randomness", randomness],
    ]);

    private static (int Code, JsonObject Answer) Tool(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = Cli.Frame.Tool.Run([.. arguments, "--json"], output, error, terminal: false, Stop);
        Assert.Equal("", error.ToString());
        return (code, Assert.IsType<JsonObject>(JsonNode.Parse(output.ToString())));
    }

    private static IEnumerable<string> Codes(JsonObject verified, string state) =>
        verified["checks"]!.AsArray().Where(check => (string)check!["state"]! == state).Select(check => (string)check!["code"]!).Order(StringComparer.Ordinal);

    private static string Hash(string folder) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "pool.csv"))));

    private static async Task<int> ScriptAsync(string folder)
    {
        string[] files = [Path.Combine(folder, "record.json"), "--manifest", Path.Combine(folder, "manifest.json"), "--panels", Path.Combine(folder, "panels.json"), "--before", Path.Combine(folder, "before.json")];
        string script = Polyphony.Tests.Repository.PathOf("tools", "verify_draw.py");
        using Process python = Process.Start(new ProcessStartInfo("python3", [script, .. files]) { RedirectStandardOutput = true })!;
        await python.StandardOutput.ReadToEndAsync(Stop);
        await python.WaitForExitAsync(Stop);
        return python.ExitCode;
    }
}
