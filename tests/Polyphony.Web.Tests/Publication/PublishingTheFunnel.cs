using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Tests.Draws;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Publication;

/// <summary>What the public reads of the way from the letters to the room, once results are published.</summary>
public sealed class PublishingTheFunnel(TestServer server)
{
    private const int Drawn = 100;

    [Fact]
    public async Task Each_recorded_stage_is_shown_in_rounded_numbers_and_stays_as_it_was_published_first()
    {
        using ClosedDialogue dialogue = await ClosedDialogue.BeginAsync(server, "funnel-public");
        await dialogue.AddSessionAsync(BallotState.Closed);
        await PeopleAsync(dialogue);
        await PublishAsync(dialogue, "");
        JsonArray criteria = JsonNode.Parse(await dialogue.ReadAsync("results.json"))!["representation"]!.AsArray();

        // 260 in the pool, half of each; 52 and 48 drawn; 46 and 41 came.
        JsonObject half = criteria[0]!.AsObject();
        Assert.Equal(["Responded 130 50, 130 50 | 0", "Selected 50 50, 50 50 | 0", "Attended 45 53, 40 47 | 3"], Stages(half));
        Assert.Equal(["260", "100", "85"], half["stages"]!.AsArray().Select(stage => (string)stage!["people"]!["value"]!.ToString()));

        // Five of the second value were drawn: neither they nor those that are left over are counted out.
        string few = string.Join(' ', Stages(criteria[1]!.AsObject()));
        Assert.Contains("Selected", few, StringComparison.Ordinal);
        Assert.DoesNotContain("Selected 95 ", few, StringComparison.Ordinal);
        Assert.Contains("fewerThan", few, StringComparison.Ordinal);

        string table = await dialogue.ReadAsync("results.csv");
        Assert.Contains("\"representation\",\"criterion 0\",\"value 0.0\",\"attended\",\"rounded\",\"45\",\"53\"", table, StringComparison.Ordinal);
        string page = await dialogue.ReadAsync("results/en");
        Assert.Contains("From the letters to the room", page, StringComparison.Ordinal);
        Assert.Contains("In the pool", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Invited", page, StringComparison.Ordinal);

        // Ten more are marked as present afterwards: the difference between two publications would be they.
        await dialogue.ChangeAsync(db => db.Participants.Where(p => p.Attendance == Attendance.Expected && p.Number > Drawn - 10).ExecuteUpdateAsync(set => set.SetProperty(p => p.Attendance, Attendance.Present)));
        await dialogue.TakeBackAsync("A number was wrong.");
        await PublishAsync(dialogue, "Corrected.");
        JsonNode again = JsonNode.Parse(await dialogue.ReadAsync("results.json"))!;
        Assert.Equal(2, (int)again["release"]!);
        Assert.Equal(criteria.ToJsonString(), again["representation"]!.ToJsonString());
    }

    /// <summary>Publishes with the word that no paper was cast, where the page asks for it.</summary>
    private static async Task PublishAsync(ClosedDialogue dialogue, string note)
    {
        Page page = await dialogue.Organiser.OpenAsync(dialogue.Manage);
        string paper = System.Text.RegularExpressions.Regex.Match(page.Html, "name=\"noPaper\" value=\"([^\"]*)\"").Groups[1].Value;
        Page published = await dialogue.Organiser.PostAsync(dialogue.Manage + "/publish", ("noPaper", paper), ("note.en", note));
        Assert.EndsWith("?notice=published", published.Path, StringComparison.Ordinal);
    }

    private static string[] Stages(JsonObject criterion) =>
    [
        .. criterion["stages"]!.AsArray().Select(stage =>
            $"{stage!["stage"]} {string.Join(", ", stage["values"]!.AsArray().Select(value => value!["count"]!["kind"]!.ToString() is "rounded" ? $"{value["count"]!["value"]} {value["percent"]}" : value["count"]!["kind"]!.ToString()))} | {stage["apart"]?.ToString() ?? "–"}"),
    ];

    private static Task<int> PeopleAsync(ClosedDialogue dialogue) => dialogue.ChangeAsync(async db =>
    {
        DialogueId id = await db.Dialogues.Where(d => d.Slug == dialogue.Slug).Select(d => d.Id).SingleAsync();
        Site site = await db.Sites.SingleAsync(s => s.DialogueId == id);
        int[][] people = [.. Enumerable.Range(0, 260).Select(i => (int[])[i < 52 || (i >= 100 && i < 178) ? 0 : 1, i % 20 == 7 ? 1 : 0])];
        DrawTown.Fill(db, site, [[(0, 60), (0, 60)], [(0, 100), (0, 100)]], people);
        await db.SaveChangesAsync();
        Lottery panel = new() { Id = new(Guid.CreateVersion7()), DialogueId = id, SiteId = site.Id, Attempt = 1, Kind = LotteryKind.Panel, State = LotteryState.Drawn, Objective = "leximin", PanelSize = Drawn, PanelCount = 100, ManifestJson = "{}" };
        db.Lotteries.Add(panel);
        List<PoolMember> members = await db.PoolMembers.Where(member => member.SiteId == site.Id).OrderBy(member => member.ExternalId).Take(Drawn).ToListAsync();
        db.Participants.AddRange(members.Index().Select(member => new Participant
        {
            Id = new(Guid.CreateVersion7()),
            DialogueId = id,
            SiteId = site.Id,
            PoolMemberId = member.Item.Id,
            PersonId = member.Item.PersonId,
            Number = member.Index + 1,
            LotteryId = panel.Id,
            Status = ParticipantStatus.Confirmed,
            Attendance = member.Index is < 46 or (>= 52 and < 93) ? Attendance.Present : Attendance.Expected,
            BadgeCode = $"FP{member.Index:000}",
        }));
        return await db.SaveChangesAsync();
    });
}
