using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Polyphony.Browser.Tests.Browsing;
using Polyphony.Proofs;
using Polyphony.Tests.Cli;
using Polyphony.Tests.Proofs;

namespace Polyphony.Browser.Tests;

/// <summary>The page "check it yourself": against the library on the batch of all verifiers, without a network, and in the hands of a reader.</summary>
public sealed class CheckingADrawInTheBrowser(Chromium chromium, RehearsedServer server)
{
    private const int Count = 10_000;
    private const int Seed = 20_261_125;
    private const int Portion = 500;

    private const string VerifyPortion = """
        async (lines) => {
          const { verifyDraw, codes, holds } = await import("/js/verify-draw.js");
          const bytes = (text) => text === null ? null : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const answers = [];
          for (const line of lines) {
            const f = JSON.parse(line);
            const states = await verifyDraw({ record: bytes(f.record), manifest: bytes(f.manifest), panels: bytes(f.panels), person: bytes(f.person), before: bytes(f.before), hash: f.hash, key: f.key });
            answers.push(codes.map((code) => ({ passed: "P", failed: "F" })[states[code]] ?? "N").join("") + (holds(states) ? "+" : "-"));
          }
          return answers;
        }
        """;

    [Fact]
    public async Task The_page_and_the_library_agree_on_every_check_of_the_batch()
    {
        await using Onlooker reader = await ArriveAsync("en");
        int compared = 0;
        foreach (RandomDraw[] portion in RandomDraws.Make(Count, Seed).Chunk(Portion))
        {
            string[] answers = await reader.Page.EvaluateAsync<string[]>(VerifyPortion, portion.Select(draw => draw.ToLine()).ToArray());
            foreach ((RandomDraw draw, string answer) in portion.Zip(answers))
            {
                string expected = draw.Letters() + (DrawVerifier.Holds(DrawVerifier.Verify(draw.Evidence)) ? "+" : "-");
                Assert.True(expected == answer, $"draw {compared}: library {expected}, page {answer}\n{Encoding.UTF8.GetString(draw.Evidence.Record)}");
                compared++;
            }
        }

        Assert.Equal(Count, compared);
    }

    [Fact]
    public async Task The_page_finds_each_rule_that_is_broken_by_itself()
    {
        (string Rule, string Failed, DrawEvidence Draw)[] broken = [.. BrokenRules.All()];
        await using Onlooker reader = await ArriveAsync("en");
        string[] answers = await reader.Page.EvaluateAsync<string[]>(VerifyPortion, broken.Select(one => new RandomDraw(one.Draw, IsTampered: true, HasLog: true).ToLine()).ToArray());
        Assert.Equal(
            broken.Select(one => $"{one.Rule}: {new RandomDraw(one.Draw, IsTampered: true, HasLog: true).Letters()}{(one.Failed.Length == 0 ? "+" : "-")}"),
            broken.Zip(answers, (one, answer) => $"{one.Rule}: {answer}"));
    }

    private const string VerifyInvitations = """
        async (lines) => {
          const { verifyInvitation, invitationCodes, invitationHolds } = await import("/js/verify-invitation.js");
          const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const answers = [];
          for (const line of lines) {
            const f = JSON.parse(line);
            const { states } = await verifyInvitation(bytes(f.record), bytes(f.manifest));
            answers.push(invitationCodes.map((code) => ({ passed: "P", failed: "F" })[states[code]] ?? "N").join("") + (invitationHolds(states) ? "+" : "-"));
          }
          return answers;
        }
        """;

    [Fact]
    public async Task The_page_and_the_tool_agree_on_the_public_part_of_invitations()
    {
        using Workbench bench = new();
        InvitationFiles[] all = [.. RandomInvitations.Make(bench, RandomInvitations.Count / 2, RandomInvitations.Seed).Select(files => files with { Register = null, Earlier = [], Salt = "" })];
        await using Onlooker reader = await ArriveAsync("en");
        string[] answers = await reader.Page.EvaluateAsync<string[]>(VerifyInvitations, all.Select(files => files.ToLine()).ToArray());
        int failed = 0;
        foreach ((InvitationFiles files, string answer) in all.Zip(answers))
        {
            // The tool has no letter for the form, and one for each check of the register.
            string letters = files.Letters(bench);
            string expected = letters == "X" ? "FNNNNNNN-" : $"P{letters[..6]}N{(letters.Contains('F', StringComparison.Ordinal) ? "-" : "+")}";
            Assert.True(expected == answer, $"{files.Change}: tool {expected}, page {answer}\n{Encoding.UTF8.GetString(files.Record)}");
            failed += answer[^1] == '-' ? 1 : 0;
        }

        Assert.InRange(failed, all.Length / 4, all.Length * 3 / 4);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task A_reader_checks_a_draw_of_invitations(string language)
    {
        using Workbench bench = new();
        InvitationFiles files = RandomInvitations.Make(bench, 3, RandomInvitations.Seed).First();
        await using Onlooker reader = await ArriveAsync(language);
        await reader.Page.SetInputFilesAsync("input[type=file]", [File("plan.json", files.Manifest), File("record.json", files.Record)]);
        await reader.Page.Locator("[data-checks] li").First.WaitForAsync();
        Dictionary<string, string> states = await StatesAsync(reader);
        Assert.Equal(["letters.register"], states.Where(pair => pair.Value != "passed").Select(pair => pair.Key));
        Assert.Equal("not-performed", states["letters.register"]);
        await reader.LookAsync();
        await reader.PictureAsync("verify-invitations-" + language + "-desk", Onlooker.Desk);
        await reader.PictureAsync("verify-invitations-" + language + "-phone", Onlooker.Phone);
        await reader.Page.SetInputFilesAsync("input[type=file]", [File("record.json", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files.Record).Replace("\"seed\":\"", "\"seed\":\"0", StringComparison.Ordinal)))]);
        await reader.Page.Locator("[data-checks] li.failed").First.WaitForAsync();
        states = await StatesAsync(reader);
        Assert.Equal(["letters.seed"], states.Where(pair => pair.Value == "failed").Select(pair => pair.Key));
        Assert.Equal("not-performed", states["letters.manifest"]);
        reader.WasContent();
    }

    [Fact]
    public async Task The_page_follows_a_chain_of_replacements_that_the_offline_tool_drew()
    {
        using DrawBench town = new();
        string[] panel = town.Draw();
        string from = "drawn";
        await using Onlooker reader = await ArriveAsync("en");
        foreach ((string to, string randomness) in ((string, string)[])[("second", DrawBench.Later), ("third", DrawBench.Last)])
        {
            town.Status(panel, panel[0]);
            Assert.Equal(0, town.Bench.Run(town.Replace(from, to, "--randomness", randomness)).Code);
            RandomDraw draw = new(new DrawEvidence(Read(to, "record.json")) { Manifest = Read(to, "manifest.json"), Panels = Read(to, "panels.json"), Before = Read(to, "before.json") }, IsTampered: false, HasLog: false);
            Assert.Equal("PPNPNPPPPNPNNN", draw.Letters());
            Assert.Equal([draw.Letters() + "+"], await reader.Page.EvaluateAsync<string[]>(VerifyPortion, new[] { draw.ToLine() }));
            (panel, from) = ([.. town.Bench.Table(to + "/selected.csv").Rows.Select(row => row[0])], to);
        }

        byte[] Read(string directory, string name) => System.IO.File.ReadAllBytes(town.Bench[directory + "/" + name]);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task A_reader_checks_the_published_files_and_their_own_ticket(string language)
    {
        await using Onlooker reader = await ArriveAsync(language);
        await reader.Page.Locator("[data-files]").First.ClickAsync();
        await reader.Page.Locator("[data-checks] li").First.WaitForAsync();
        Dictionary<string, string> states = await StatesAsync(reader);
        Assert.Equal(["anchor", "before", "person", "quotas"], states.Where(pair => pair.Value != "passed").Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.All(states.Where(pair => pair.Value != "passed"), pair => Assert.Equal("not-performed", pair.Value));
        using HttpClient anybody = new() { BaseAddress = server.Address };
        using JsonDocument record = JsonDocument.Parse(await anybody.GetByteArrayAsync(new Uri(await FirstDrawAsync(reader) + "record.json", UriKind.Relative), TestContext.Current.CancellationToken));
        await reader.Page.FillAsync("input[name=ticket]", record.RootElement.GetProperty("selected")[0].GetString()!);
        await reader.Page.Locator("[data-check]").ClickAsync();
        await reader.Page.Locator("[data-verdict] p:nth-child(2)").WaitForAsync();
        Assert.Contains("1000", (await reader.Page.InnerTextAsync("[data-verdict]")).Replace("\u202f", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await reader.LookAsync();
        await reader.PictureAsync("verify-" + language + "-desk", Onlooker.Desk);
        await reader.PictureAsync("verify-" + language + "-phone", Onlooker.Phone);
        reader.WasContent();
    }

    [Fact]
    public async Task Without_a_network_files_by_choice_and_by_drop_are_checked_and_a_changed_one_is_refused()
    {
        await using Onlooker reader = await ArriveAsync("en");
        using HttpClient anybody = new() { BaseAddress = server.Address };
        string from = await FirstDrawAsync(reader);
        byte[] record = await anybody.GetByteArrayAsync(new Uri(from + "record.json", UriKind.Relative), TestContext.Current.CancellationToken);
        byte[] person = await anybody.GetByteArrayAsync(new Uri(server.Links.CitizenPath + "/draw-proof.json", UriKind.Relative), TestContext.Current.CancellationToken);
        await reader.Page.Context.SetOfflineAsync(true);
        await reader.Page.SetInputFilesAsync("input[type=file]", [File("a.json", record), File("b.json", person)]);
        await reader.Page.Locator("[data-checks] li").First.WaitForAsync();
        Dictionary<string, string> states = await StatesAsync(reader);
        Assert.Equal(("passed", "passed", "not-performed"), (states["person"], states["log"], states["panels"]));

        string forged = Encoding.UTF8.GetString(record).Replace("\"drawnAt\":\"2", "\"drawnAt\":\"3", StringComparison.Ordinal);
        await reader.Page.EvaluateAsync("""
            (text) => {
              const data = new DataTransfer();
              data.items.add(new File([text], "record.json", { type: "application/json" }));
              document.querySelector("[data-drop]").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """, forged);
        await reader.Page.Locator("[data-checks] li.failed").First.WaitForAsync();
        states = await StatesAsync(reader);
        Assert.Equal(["log"], states.Where(pair => pair.Value == "failed").Select(pair => pair.Key));
        Assert.Equal(1, await reader.Page.Locator("[data-verdict] .error").CountAsync());
    }

    private static FilePayload File(string name, byte[] content) => new() { Name = name, MimeType = "application/json", Buffer = content };

    private static async Task<Dictionary<string, string>> StatesAsync(Onlooker reader) =>
        (await reader.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('[data-checks] li')].map((item) => item.dataset.code + ' ' + item.dataset.state)")).ToDictionary(line => line.Split(' ')[0], line => line.Split(' ')[1]);

    private static async Task<string> FirstDrawAsync(Onlooker reader) => (await reader.Page.Locator("[data-files]").First.GetAttributeAsync("data-files"))!;

    private async Task<Onlooker> ArriveAsync(string language)
    {
        await server.ReadyAsync();
        Onlooker reader = await chromium.SeatAsync(server.Address, language);
        await reader.OpenAsync(server.Path("/d/{slug}/draw"));
        await reader.FollowAsync(server.Path("/d/{slug}/draw/check"));
        return reader;
    }
}
