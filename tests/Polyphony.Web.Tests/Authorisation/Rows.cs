using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Rooms;
using Polyphony.Storage.Statements;
using Polyphony.Web.Draws;
using Polyphony.Web.Tests.Recruitment;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Authorisation;

/// <summary>A dialogue and the identifiers of its rows, by the parameter that names them in an address. The first session is being voted on,
/// the second one is a draft, the third one is closed and published; two files wait to be confirmed; two tables have asked for help.</summary>
internal sealed class Rows
{
    private readonly Dictionary<string, string[]> ids;

    private Rows(DialogueOfTheDay day, Dictionary<string, string[]> ids) => (Day, this.ids) = (day, ids);

    public DialogueOfTheDay Day { get; }

    public static async Task<Rows> MakeAsync(TestServer server, string name, bool isPublic)
    {
        DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, name);
        Guid[] help = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        await server.WithDbAsync(async db =>
        {
            Dialogue dialogue = await db.Dialogues.SingleAsync(d => d.Id == day.Dialogue.Id);
            dialogue.PublishedAt = isPublic ? DateTimeOffset.UnixEpoch : null;
            dialogue.StartsOn = dialogue.EndsOn = new DateOnly(2027, 5, 1);

            // Not frozen, so that people and quotas may be edited; with the files that a draw leaves.
            Lottery lottery = await db.Lotteries.SingleAsync(l => l.DialogueId == dialogue.Id);
            (lottery.State, lottery.RecordJson, lottery.Panels, lottery.ChosenPanel) = (LotteryState.Ended, "{}", [0, 0, 0, 0], 7);
            lottery.ManifestJson = $"{{\"pool\":{{\"root\":\"{await PoolRootAsync(server, day.Dialogue.Sites[0].Id)}\"}},\"sources\":[],\"tickets\":[]}}";
            Session[] sessions = await db.Sessions.Include(s => s.Questions).Where(s => s.DialogueId == dialogue.Id).OrderBy(s => s.Position).ToArrayAsync();
            SiteId site = day.Dialogue.Sites[0].Id;
            sessions[2].Ballots.Add(new SiteBallot { SessionId = sessions[2].Id, SiteId = site, DialogueId = dialogue.Id, State = BallotState.Closed });
            QuestionTally tally = new(sessions[2].Questions[0].Id.ToString(), AnswerForm.SingleChoice, 24, [13, 9], 2);
            db.SessionCounts.Add(new SessionCount { SessionId = sessions[2].Id, SiteId = site, DialogueId = dialogue.Id, CountsJson = JsonSerializer.Serialize(new SessionCounts(sessions[2].Id.ToString(), 24, [tally], [])) });
            db.StatementVotes.Add(new StatementVote { DialogueId = dialogue.Id, Topic = LocalizedText.Of(("en", "Cars without drivers")), State = BallotState.Open });
            db.Statements.AddRange(Enumerable.Range(1, 2).Select(number => new Statement { Id = new(Guid.NewGuid()), DialogueId = dialogue.Id, Number = number, Text = LocalizedText.Of(("en", "Let them drive " + number)), Language = "en", State = StatementState.Accepted }));
            db.HelpRequests.AddRange(help.Select((id, index) => new HelpRequest { Id = id, DialogueId = dialogue.Id, Table = index + 1, AskedAt = DateTimeOffset.UnixEpoch }));
            Participant absent = await db.Participants.SingleAsync(p => p.DialogueId == dialogue.Id && p.Number == 2);
            absent.Attendance = Attendance.Absent;
            foreach (PoolMember member in await db.PoolMembers.Where(m => m.DialogueId == dialogue.Id).ToListAsync())
            {
                Person person = await db.People.SingleAsync(p => p.Id == member.PersonId);
                string mark = member.ExternalId;
                member.ExternalId = "Id-" + mark;
                Participant participant = await db.Participants.SingleAsync(p => p.PoolMemberId == member.Id);
                participant.BadgeCode = string.Create(CultureInfo.InvariantCulture, $"{(isPublic ? "ZQX" : "ZQY")}{participant.Number:000}");
                (person.Name, person.Email, person.PostalAddress) = ("Name-" + mark, mark + "@mail.example", "Street-" + mark + "\nTown-" + mark);
                (person.AccessNeeds, person.DietNeeds, person.LanguageNeeds, person.OtherNeeds) = ("Access-" + mark, "Diet-" + mark, "Speech-" + mark, "Wish-" + mark);
            }

            return await db.SaveChangesAsync();
        });
        Page published = await day.Organiser.SubmitAsync(day.Base + "/results", day.Base + "/results/publish");
        Assert.EndsWith("?notice=published", published.Path, StringComparison.Ordinal);
        string pool = await StageAsync(day, "pool", "id,gender,name\n1,woman,Ada\n");
        string quotas = await StageAsync(day, "quotas", "feature,value,min,max\nage,old,0,9\n");
        StagedUpload[] sited = [.. ((UploadKind[])[UploadKind.Pool, UploadKind.Quotas, UploadKind.Statements]).Select(kind => new StagedUpload
        {
            Id = Guid.CreateVersion7(), DialogueId = day.Dialogue.Id, Kind = kind, FileName = "sites.csv", Content = System.Text.Encoding.UTF8.GetBytes(kind == UploadKind.Statements ? "comment-body\nLet them wait.\n" : "site,id,gender\n"), CreatedAt = TimeProvider.System.GetUtcNow(),
        })];
        await server.WithDbAsync(db =>
        {
            db.StagedUploads.AddRange(sited);
            return db.SaveChangesAsync();
        });
        return await server.WithDbAsync(async db =>
        {
            // The first ballot opens now: results are published only while none is open.
            DialogueId id = day.Dialogue.Id;
            Session first = await db.Sessions.SingleAsync(session => session.DialogueId == id && session.Position == 1);
            first.Ballots.Add(new SiteBallot { SessionId = first.Id, SiteId = day.Dialogue.Sites[0].Id, DialogueId = id, State = BallotState.Open });
            await db.SaveChangesAsync();
            Session[] sessions = await db.Sessions.Include(s => s.Questions).Where(s => s.DialogueId == id).OrderBy(s => s.Position).ToArrayAsync();
            return new Rows(day, new(StringComparer.Ordinal)
            {
                ["session"] = [.. sessions.Select(session => session.Id.ToString())],
                ["question"] = [.. sessions.SelectMany(session => session.Questions).Select(question => question.Id.ToString())],
                ["participant"] = [(await day.PersonAsync(1)).Id.ToString(), (await day.PersonAsync(2)).Id.ToString(), (await day.PersonAsync(25)).Id.ToString()],
                ["member"] = [(await db.PoolMembers.FirstAsync(member => member.DialogueId == id)).Id.ToString()],
                ["criterion"] = [(await db.Criteria.SingleAsync(criterion => criterion.DialogueId == id)).Id.ToString()],
                ["role"] = [(await db.RoleAssignments.SingleAsync(role => role.DialogueId == id)).Id.ToString()],
                ["statement"] = [.. await db.Statements.Where(statement => statement.DialogueId == id).OrderBy(statement => statement.Number).Select(statement => statement.Id.ToString()).ToListAsync()],
                ["request"] = [.. help.Select(asked => asked.ToString())],
                ["site"] = [day.Dialogue.Sites[0].Id.ToString()],
                ["upload"] = [pool, quotas, .. sited.Select(upload => upload.Id.ToString())],
            });
        });
    }

    public bool Has(string parameter) => ids.ContainsKey(parameter);

    /// <summary>All rows that a parameter may name; files are of the room that they were laid into, in front.</summary>
    public IReadOnlyList<string> Ids(string parameter, string pattern) => !ids.TryGetValue(parameter, out string[]? rows)
        ? throw new InvalidOperationException($"The house has no row for {{{parameter}}} of {pattern}: add one to {nameof(Rows)}, or a value to {nameof(House)}.{nameof(House.Value)}.")
        : parameter == "upload" && pattern.Contains("/sites/", StringComparison.Ordinal) ? (pattern.Contains("/quotas/", StringComparison.Ordinal) ? [rows[3], .. rows[..3]] : [rows[2], rows[0], rows[1], rows[3]])
        : parameter == "upload" && pattern.Contains("/statements/", StringComparison.Ordinal) ? [rows[4], .. rows[..4]]
        : parameter == "upload" && pattern.Contains("/quotas/", StringComparison.Ordinal) ? [rows[1], rows[0], .. rows[2..]] : rows;

    private static async Task<string> PoolRootAsync(TestServer server, SiteId site)
    {
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        DrawPool pool = await scope.ServiceProvider.GetRequiredService<DrawDesk>().PoolAsync(site, 1, TestContext.Current.CancellationToken);
        return Convert.ToHexStringLower(MerkleTree.Root(DrawDesk.LeafHashes(pool)));
    }

    private static async Task<string> StageAsync(DialogueOfTheDay day, string room, string content)
    {
        Page preview = await day.Organiser.UploadAsync($"{day.Base}/{room}", $"{day.Base}/{room}/upload", "file", room + ".csv", Corpus.Utf8(content));
        Assert.Contains("/uploads/", preview.Path, StringComparison.Ordinal);
        return preview.Path.Split('/')[^1];
    }
}
