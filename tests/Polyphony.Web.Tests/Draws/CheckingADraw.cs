using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Draws;
using Polyphony.Web.Tests.Recruitment;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Draws;

/// <summary>A draw held through the server's doors, and its files given to the verifier.</summary>
public sealed class CheckingADraw(TestServer server)
{
    private const string Beacon = "9e1c1a33c1f4bb8f9f14d6de3e42c1dc2ad5a5cb0f0e1d2c3b4a59687766554433";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_files_of_a_draw_pass_every_check_that_files_allow()
    {
        using Organiser organiser = await Organiser.ArriveAsync(server, "draws@example.org");
        string slug = "drawn-" + Guid.CreateVersion7().ToString("N")[20..];
        await organiser.BeginAsync(slug, 4);
        DialogueId dialogue = await FillAsync(slug);
        await ComputeAsync(organiser, slug, dialogue);
        DateTimeOffset known = await FreezeAsync(organiser, slug);
        string ceremony = $"/organise/{slug}/draw/ceremony";
        Assert.Contains("?problem=source-not-yet", (await organiser.PostAsync(ceremony, ("value", Beacon))).Path, StringComparison.Ordinal);
        using HttpClient anybody = new() { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.NotFound, (await anybody.GetAsync($"/d/{slug}/draw/2/panels.json", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await anybody.GetAsync($"/d/{slug}/draw/2/record.json", Stop)).StatusCode);
        TimeSpan wait = known - TimeProvider.System.GetUtcNow();
        await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Stop);

        // An entry that says something else than what was written stops the ceremony, and so does a source that spoke no later than it.
        await ChangedAsync(dialogue, "lottery.frozen", entry => entry.At.AddHours(-1), async () =>
            Assert.EndsWith("?problem=log", (await organiser.PostAsync(ceremony, ("value", Beacon))).Path, StringComparison.Ordinal));
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
        {
            DrawDesk desk = scope.ServiceProvider.GetRequiredService<DrawDesk>();
            SiteId site = await scope.ServiceProvider.GetRequiredService<Db>().Sites.Where(at => at.DialogueId == dialogue).Select(at => at.Id).SingleAsync(Stop);
            Lottery frozen = (await desk.NewestAsync(site, LotteryKind.Panel, Stop))!;
            DateTimeOffset logged = (await scope.ServiceProvider.GetRequiredService<Db>().Journal.SingleAsync(entry => entry.DialogueId == dialogue && entry.Code == "lottery.frozen", Stop)).At;
            Assert.False(await desk.WasLoggedBeforeAsync(frozen, [new DeclaredSource(DrawSourceKind.Beacon, "then", 0, logged)], Stop));
            Assert.True(await desk.WasLoggedBeforeAsync(frozen, [new DeclaredSource(DrawSourceKind.Beacon, "later", 0, logged.AddSeconds(1))], Stop));
        }

        Assert.DoesNotContain("problem", (await organiser.PostAsync(ceremony, ("value", Beacon))).Path, StringComparison.Ordinal);

        byte[] record = await anybody.GetByteArrayAsync($"/d/{slug}/draw/2/record.json", Stop);
        byte[] manifest = await anybody.GetByteArrayAsync($"/d/{slug}/draw/2/manifest.json", Stop);
        byte[] panels = await anybody.GetByteArrayAsync($"/d/{slug}/draw/2/panels.json", Stop);
        byte[] person = await ProofAsync(dialogue, anybody);
        string key = (await anybody.GetStringAsync("/log/key", Stop)).TrimEnd();
        DrawEvidence evidence = new(record) { Manifest = manifest, Panels = panels, Person = person, KnownLogKey = key, KnownManifestHash = Convert.ToHexString(Pd1.ManifestHash(manifest)) };
        IReadOnlyList<DrawCheck> checks = DrawVerifier.Verify(evidence);
        Assert.True(DrawVerifier.Holds(checks), string.Join('\n', checks));
        Assert.Equal(["before", "quotas"], checks.Where(check => check.State != CheckState.Passed).Select(check => check.Code));
        Assert.Equal(record, await anybody.GetByteArrayAsync($"/d/{slug}/draw/2/record.json", Stop));

        // Everybody's chance can be counted by everybody.
        JsonNode read = JsonNode.Parse(manifest)!;
        string[] tickets = [.. read["tickets"]!.AsArray().Select(ticket => (string)ticket!)];
        Assert.Equal(4_000, tickets.Sum(ticket => DrawVerifier.Find(evidence, ticket)!.Panels));
        Assert.Equal(4, tickets.Count(ticket => DrawVerifier.Find(evidence, ticket)!.IsSelected));
        Assert.Equal(4_001, (await anybody.GetStringAsync($"/d/{slug}/draw/2/panels.csv", Stop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);

        // Each step is in the log, in order.
        string[] codes = await server.WithDbAsync(db => db.Journal.Where(entry => entry.DialogueId == dialogue && (entry.Code.StartsWith("lottery.") || entry.Code.StartsWith("panel.")))
            .OrderBy(entry => entry.Id).Select(entry => entry.Code).ToArrayAsync(Stop));
        Assert.Equal(["lottery.started", "lottery.computed", "lottery.discarded", "lottery.started", "lottery.computed", "lottery.frozen", "panel.drawn"], codes);
    }

    [Fact]
    public async Task The_log_shows_the_hash_of_everything_and_the_content_of_what_is_public()
    {
        using Organiser organiser = await Organiser.ArriveAsync(server, "log@example.org");
        string slug = "logged-" + Guid.CreateVersion7().ToString("N")[20..];
        await organiser.BeginAsync(slug, 4);
        DialogueId dialogue = await FillAsync(slug);
        long place = await server.WithDbAsync(async db =>
        {
            JournalEntry started = new() { At = TimeProvider.System.GetUtcNow(), DialogueId = dialogue, StaffId = Guid.CreateVersion7(), Code = "lottery.started", Facts = "{\"attempt\":1}" };
            db.Journal.AddRange(started, new JournalEntry { At = TimeProvider.System.GetUtcNow(), DialogueId = dialogue, Code = "participant.withdrew" });
            await db.SaveChangesAsync(Stop);
            return started.Id;
        });
        using HttpClient anybody = new() { BaseAddress = server.Address };
        using HttpResponseMessage answer = await anybody.GetAsync("/log/checkpoint", Stop);
        string note = await answer.Content.ReadAsStringAsync(Stop);
        Checkpoint checkpoint = Checkpoint.Open(note, LogKey.Parse((await anybody.GetStringAsync("/log/key", Stop)).TrimEnd())!)!;
        using HttpRequestMessage again = new(HttpMethod.Get, "/log/key");
        again.Headers.IfNoneMatch.Add((await anybody.GetAsync("/log/key", Stop)).Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await anybody.SendAsync(again, Stop)).StatusCode);

        // The root follows from the tiles alone.
        List<byte[]> hashes = [];
        for (long tile = 0; tile * 256 < checkpoint.Size; tile++)
        {
            long width = Math.Min(256, checkpoint.Size - (tile * 256));
            byte[] content = await anybody.GetByteArrayAsync(string.Create(CultureInfo.InvariantCulture, $"/log/tile/0/{tile:000}{(width < 256 ? ".p/" + width : "")}"), Stop);
            hashes.AddRange(content.Chunk(32));
        }

        Assert.Equal(checkpoint.Root, MerkleTree.Root([.. hashes]));
        JsonArray entries = JsonNode.Parse(await anybody.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"/log/entries/{place}-{place + 1}.json"), Stop))!.AsArray();
        JsonNode? opened = entries[0]!["entry"];
        Assert.Equal((dialogue.ToString(), "lottery.started"), ((string)opened!["dialogue"]!, (string)opened["code"]!));
        Assert.Equal(hashes[(int)place], MerkleTree.LeafHash(CanonicalJson.Serialize(opened)));
        Assert.Null(entries[1]!["entry"]);
        Assert.DoesNotContain("withdrew", entries.ToJsonString(), StringComparison.Ordinal);
        Assert.All((string[])["/log/tile/0/x000/001", "/log/tile/0/1", "/log/tile/0/000.p/0", "/log/tile/0/999", "/log/tile/1/000", "/log/entries/5-4.json", "/log/entries/0-1000.json"], path =>
            Assert.Equal((path, HttpStatusCode.NotFound), (path, anybody.GetAsync(path, Stop).GetAwaiter().GetResult().StatusCode)));

        // What is about a dialogue that nobody may see yet shows as a hash only.
        await server.WithDbAsync(db => db.Dialogues.Where(d => d.Id == dialogue).ExecuteUpdateAsync(set => set.SetProperty(d => d.PublishedAt, (DateTimeOffset?)null), Stop));
        string hidden = await anybody.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"/log/entries/{place}-{place + 1}.json"), Stop);
        Assert.DoesNotContain(dialogue.ToString(), hidden, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_written_at_the_same_time_stand_without_a_gap()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = Stop }, async (number, cancellationToken) =>
        {
            await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
            Db db = scope.ServiceProvider.GetRequiredService<Db>();
            db.Journal.Add(new JournalEntry { At = TimeProvider.System.GetUtcNow(), Code = "test.parallel", Facts = $"{{ \"n\" : {number} }}" });
            db.Journal.Add(new JournalEntry { At = TimeProvider.System.GetUtcNow(), Code = "test.parallel" });
            await db.SaveChangesAsync(cancellationToken);
        });
        KeptEntry[] kept = await server.WithDbAsync(async db => (await db.Journal.AsNoTracking().OrderBy(entry => entry.Id).ToListAsync(Stop)).Select(entry => entry.ToKept()).ToArray());
        LogFinding finding = LogAudit.Examine(kept, null, new LogKey("none", new byte[32]));
        Assert.Equal(new LogFinding.Unanchored(kept.Length), finding);
        Assert.Equal(120, kept.Count(entry => entry.Entry.Code == "test.parallel"));
    }

    private async Task<DialogueId> FillAsync(string slug) => await server.WithDbAsync(async db =>
    {
        Dialogue dialogue = await db.Dialogues.Include(d => d.Sites).SingleAsync(d => d.Slug == slug, Stop);
        dialogue.PublishedAt = DateTimeOffset.UnixEpoch;
        Criterion criterion = new() { Id = new(Guid.CreateVersion7()), DialogueId = dialogue.Id, SiteId = dialogue.Sites[0].Id, Name = "gender" };
        criterion.Values.AddRange(((string[])["woman", "man"]).Select((value, position) => new CriterionValue { Id = Guid.CreateVersion7(), CriterionId = criterion.Id, Name = value, Position = position, Min = 2, Max = 2 }));
        db.Criteria.Add(criterion);
        for (int number = 0; number < 14; number++)
        {
            Person person = new() { Id = new(Guid.CreateVersion7()), DialogueId = dialogue.Id, Name = "Person " + number };
            db.People.Add(person);
            db.PoolMembers.Add(new PoolMember
            {
                Id = new(Guid.CreateVersion7()),
                DialogueId = dialogue.Id,
                SiteId = dialogue.Sites[0].Id,
                PersonId = person.Id,
                ExternalId = slug + number,
                Values = [number % 2],
                Ticket = System.Security.Cryptography.RandomNumberGenerator.GetBytes(16),
                Nonce = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32),
            });
        }

        await db.SaveChangesAsync(Stop);
        return dialogue.Id;
    });

    /// <summary>Computes twice: the first lottery is passed over.</summary>
    private async Task ComputeAsync(Organiser organiser, string slug, DialogueId dialogue)
    {
        for (int attempt = 1; attempt <= 2; attempt++)
        {
            await organiser.PostAsync($"/organise/{slug}/draw/compute");
            for (int i = 0; i < 600; i++)
            {
                int number = attempt;
                if (await server.WithDbAsync(db => db.Lotteries.AnyAsync(lottery => lottery.DialogueId == dialogue && lottery.Attempt == number && lottery.State == LotteryState.Computed, Stop))
                    && await server.WithDbAsync(db => db.Jobs.Where(job => job.DialogueId == dialogue).AllAsync(job => job.State == JobState.Done, Stop)))
                {
                    break;
                }

                await Task.Delay(100, Stop);
            }
        }
    }

    private static async Task<DateTimeOffset> FreezeAsync(Organiser organiser, string slug)
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich");
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Page early = await organiser.PostAsync($"/organise/{slug}/draw/freeze", ("kind", "beacon"), ("name", "drand"), ("outOf", ""), ("at", TimeZoneInfo.ConvertTime(now.AddSeconds(-1), zone).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)));
        Assert.EndsWith("?problem=source-too-early", early.Path, StringComparison.Ordinal);
        DateTimeOffset at = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow().AddSeconds(5), zone);
        Page frozen = await organiser.PostAsync($"/organise/{slug}/draw/freeze", ("kind", "beacon"), ("name", "drand quicknet round 1"), ("outOf", ""), ("at", at.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)));
        Assert.DoesNotContain("problem", frozen.Path, StringComparison.Ordinal);
        return at;
    }

    /// <summary>Changes the time of an entry behind the server's back, does something, and puts it right again.</summary>
    private async Task ChangedAsync(DialogueId dialogue, string code, Func<JournalEntry, DateTimeOffset> time, Func<Task> meanwhile)
    {
        JournalEntry entry = await server.WithDbAsync(db => db.Journal.AsNoTracking().OrderBy(e => e.Id).LastAsync(e => e.DialogueId == dialogue && e.Code == code, Stop));
        DateTimeOffset wrong = time(entry);
        await server.WithDbAsync(db => db.Journal.Where(e => e.Id == entry.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.At, wrong), Stop));
        await meanwhile();
        await server.WithDbAsync(db => db.Journal.Where(e => e.Id == entry.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.At, entry.At), Stop));
    }

    private async Task<byte[]> ProofAsync(DialogueId dialogue, HttpClient anybody)
    {
        ParticipantId participant = await server.WithDbAsync(db => db.Participants.Where(p => p.DialogueId == dialogue).OrderBy(p => p.Number).Select(p => p.Id).FirstAsync(Stop));
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        string code = await scope.ServiceProvider.GetRequiredService<ICitizenLinks>().IssueAsync(dialogue, participant, Stop);
        await scope.ServiceProvider.GetRequiredService<Db>().SaveChangesAsync(Stop);
        return await anybody.GetByteArrayAsync($"/c/{code}/draw-proof.json", Stop);
    }
}
