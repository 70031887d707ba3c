using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Cli.Frame;
using Polyphony.Dialogues;
using Polyphony.Storage.Statements;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Statements;

public sealed partial class MovingStatementsByFile(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_has_the_files_draws_the_map_of_the_page()
    {
        using DialogueOfTheDay day = await OpenAsync("files", [.. Enumerable.Range(1, 11).Select(number => "Statement number " + number), "=1+1 is two, and \"more\", they say"]);
        string room = day.Base + "/statements";
        string[] ids = await IdsAsync(day);
        using HttpClient phone = new() { BaseAddress = server.Address };
        for (int person = 1; person <= DialogueOfTheDay.People; person++)
        {
            // Two camps; on the last three, of which one will be rejected and one is about people, everybody as he likes.
            await VoteAsync(phone, await day.LinkAsync(person), [.. ids.Index().Select(id => (id.Item,
                id.Index > 8 ? (person * (id.Index + 2)) % 3 - 1 : (id.Index + person) % 7 == 0 ? 0 : id.Index % 2 == 0 == (person <= 14) ? 1 : -1))]);
        }

        await day.Organiser.SubmitAsync(room, $"{room}/{ids[9]}/reject", ("reason", "OffTopic"));
        await server.WithDbAsync(db => db.Statements.Where(statement => statement.DialogueId == day.Dialogue.Id && statement.Number == 11).ExecuteUpdateAsync(set => set.SetProperty(statement => statement.IsMeta, true), Stop));
        await day.Organiser.SubmitAsync(room, room + "/close");
        string onThePage = MarkPattern().Match((await day.Organiser.OpenAsync(day.Base + "/landscape")).Html).Groups[1].Value;
        Assert.Equal(64, onThePage.Length);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("polyphony-export-");
        try
        {
            foreach (string file in new[] { "comments.csv", "votes.csv", "participants-votes.csv" })
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), (await day.Organiser.OpenAsync($"{room}/{file}")).Html, Stop);
            }

            string comments = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "comments.csv"), Stop);
            Assert.Contains(",-1,Statement number 10,false,true\n", comments, StringComparison.Ordinal);
            Assert.Contains(",1,Statement number 11,true,true\n", comments, StringComparison.Ordinal);
            Assert.Contains(",1,\"'=1+1 is two, and \"\"more\"\", they say\",false,true\n", comments, StringComparison.Ordinal);
            Assert.Contains(",-1\n", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "votes.csv"), Stop), StringComparison.Ordinal);
            foreach (string votes in new[] { "votes.csv", "participants-votes.csv" })
            {
                using StringWriter output = new(), error = new();
                int code = Tool.Run(
                    ["analyse", "opinion", "--votes", Path.Combine(folder.FullName, votes), "--statements", Path.Combine(folder.FullName, "comments.csv"), "--out", Path.Combine(folder.FullName, votes + "-map"), "--json"],
                    output, error, terminal: false, Stop);
                Assert.True(code == 0, output + " " + error);
                JsonNode map = JsonNode.Parse(output.ToString())!;
                Assert.Equal((onThePage, 24, 12, 24 * 12), ((string)map["hash"]!, (int)map["participants"]!, (int)map["statements"]!, (int)map["votes"]!));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_the_file_brings_is_seen_before_it_counts()
    {
        using DialogueOfTheDay day = await OpenAsync("bring", ["Let them in.", "Keep them out."]);
        string room = day.Base + "/statements";
        Page preview = await UploadAsync(day, "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body,is-meta\n1,0,7,3,1,1,Shuttles should  run at night.,false\n1,1,7,0,1,-1,Nobody wants this.,false\n1,2,7,3,1,0,'=I drive every day.,true\n");
        Assert.Equal(HttpStatusCode.OK, preview.Status);
        Assert.Contains("2 statements would be added", preview.Text, StringComparison.Ordinal);
        Assert.Contains("1 statement is left out", preview.Text, StringComparison.Ordinal);
        Assert.Contains("Shuttles should run at night.", preview.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Nobody wants this.", preview.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await AllAsync(day)).Count);

        Assert.Contains("notice=seeded", (await day.Organiser.SubmitAsync(preview.Path, preview.Path + "/confirm")).Path, StringComparison.Ordinal);
        List<Statement> all = await AllAsync(day);
        Assert.Equal(["3 Shuttles should run at night. False", "4 =I drive every day. True"], all.Skip(2).Select(one => $"{one.Number} {one.Text.Exactly("en")} {one.IsMeta}"));
        Assert.All(all, one => Assert.True(one is { IsSeed: true, State: StatementState.Accepted, Author: null }));

        // Confirmed once more, by a second click or an old page, it is gone.
        Assert.Equal(HttpStatusCode.NotFound, (await day.Organiser.SubmitAsync(room, preview.Path + "/confirm")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await day.Organiser.OpenAsync(preview.Path)).Status);
        Assert.Equal(4, (await AllAsync(day)).Count);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_by_row_and_column_and_nothing_is_added()
    {
        using DialogueOfTheDay day = await OpenAsync("wrong", ["Let them in.", "Keep them out."]);
        Page refused = await UploadAsync(day, $"comment-body,moderated,is-meta\nOne thought.,1,false\n,1,false\none  THOUGHT.,2,perhaps\n{new string('a', 281)},1,false\n");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(
            ["3 comment-body empty", "4 moderated not-one-of", "4 is-meta not-one-of", "4 comment-body value-twice", "5 comment-body cell-too-long"],
            ProblemPattern().Matches(refused.Html).Select(match => $"{match.Groups[2].Value} {match.Groups[3].Value} {match.Groups[1].Value}"));
        Assert.Contains("column-missing", (await UploadAsync(day, "text\nOne thought.\n")).Html, StringComparison.Ordinal);
        Assert.Contains("statement-known", (await UploadAsync(day, "comment-body\nlet them  in.\n")).Html, StringComparison.Ordinal);
        Assert.Equal(2, (await AllAsync(day)).Count);

        // What came in between preview and confirmation is looked at again.
        Page preview = await UploadAsync(day, "comment-body\nLet us wait.\n");
        await day.Organiser.SubmitAsync(day.Base + "/statements", day.Base + "/statements/seed", ("lines.en", "Let us wait."));
        Page again = await day.Organiser.SubmitAsync(preview.Path, preview.Path + "/confirm");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, preview.Path), (again.Status, again.Path));
        Assert.Equal(3, (await AllAsync(day)).Count);
        await day.Organiser.SubmitAsync(day.Base + "/statements", day.Base + "/statements/close");
        Assert.Contains("problem=closed", (await day.Organiser.SubmitAsync("/account", preview.Path + "/confirm")).Path, StringComparison.Ordinal);
    }

    private static Task<Page> UploadAsync(DialogueOfTheDay day, string content) =>
        day.Organiser.UploadAsync(day.Base + "/statements", day.Base + "/statements/upload", "file", "comments.csv", Encoding.UTF8.GetBytes(content));

    private async Task<DialogueOfTheDay> OpenAsync(string name, string[] seeds)
    {
        DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, name);
        string room = day.Base + "/statements";
        await day.Organiser.SubmitAsync(room, room + "/topic", ("topic.en", "Cars without drivers"), ("takes", "yes"));
        await day.Organiser.SubmitAsync(room, room + "/seed", ("lines.en", string.Join('\n', seeds)));
        Assert.Contains("notice=opened", (await day.Organiser.SubmitAsync(room, room + "/open")).Path, StringComparison.Ordinal);
        return day;
    }

    private Task<List<Statement>> AllAsync(DialogueOfTheDay day) => server.WithDbAsync(db => db.Statements.AsNoTracking().Where(s => s.DialogueId == day.Dialogue.Id).OrderBy(s => s.Number).ToListAsync(Stop));

    private async Task<string[]> IdsAsync(DialogueOfTheDay day) => [.. (await AllAsync(day)).Select(one => one.Id.ToString())];

    private static async Task VoteAsync(HttpClient phone, string code, IEnumerable<(string Statement, int Vote)> votes)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/statement-votes") { Content = JsonContent.Create(new { votes = votes.Select(vote => new { statement = vote.Statement, vote = vote.Vote switch { 1 => "agree", 0 => "pass", _ => "disagree" } }) }) };
        request.Headers.Authorization = new("Bearer", code);
        Assert.Equal(HttpStatusCode.NoContent, (await phone.SendAsync(request, Stop)).StatusCode);
    }

    [GeneratedRegex("<code>([0-9a-f]{64})</code>")]
    private static partial Regex MarkPattern();

    [GeneratedRegex("<tr data-code=\"([a-z-]+)\">\\s*<td class=\"n\">([0-9]*)</td>\\s*<td><bdi>([a-z-]*)</bdi></td>")]
    private static partial Regex ProblemPattern();
}
