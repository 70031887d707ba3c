using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Accounts;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;
using Polyphony.Web.Tests.Hosting;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Authorisation;

/// <summary>The real server with two dialogues in which everything is there that an address can name, and somebody of every role who knows only the first one.</summary>
/// <remarks>The first dialogue is public, the second one a draft. The administrator holds no role in either.</remarks>
public sealed class House : IAsyncLifetime
{
    /// <summary>Only the gate is tried: the test's own middleware behind it answers in place of the endpoint, so that a closed ballot or a deleted session spoils no later try.</summary>
    public const string KnockHeader = "X-Test-Knock";

    private const string InHeader = "X-Test-In";
    private const string Password = "a calm and civic morning";

    private readonly TestServer server = new() { Map = StandBehindTheGate };
    private readonly Dictionary<string, Visitor> visitors = new(StringComparer.Ordinal);

    internal TestServer Server => server;

    /// <summary>The dialogue in which everybody holds their role.</summary>
    internal Rows Own { get; private set; } = null!;

    /// <summary>The dialogue in which nobody of them holds any.</summary>
    internal Rows Other { get; private set; } = null!;

    public Guid Organiser { get; private set; }

    /// <summary>The code of a citizen of the first dialogue.</summary>
    public string Code { get; private set; } = "";

    /// <summary>A turn on a shared tablet in the first dialogue.</summary>
    public string Turn { get; } = LinkCode.Create();

    /// <summary>A code of the second dialogue that was reissued.</summary>
    public string EndedCode { get; private set; } = "";

    public string Invitation { get; private set; } = "";

    public IReadOnlyList<RouteEndpoint> Endpoints => [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    public static string Method(RouteEndpoint endpoint) => Assert.Single(endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods);

    public static Audience Audience(RouteEndpoint endpoint) => endpoint.Metadata.GetRequiredMetadata<AudienceMetadata>().Audience;

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        Own = await Rows.MakeAsync(server, "own", isPublic: true);
        Other = await Rows.MakeAsync(server, "other", isPublic: false);
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
        {
            Db db = scope.ServiceProvider.GetRequiredService<Db>();
            ICitizenLinks links = scope.ServiceProvider.GetRequiredService<ICitizenLinks>();
            Code = await links.IssueAsync(Own.Day.Dialogue.Id, (await Own.Day.PersonAsync(1)).Id, CancellationToken.None);
            EndedCode = await links.IssueAsync(Other.Day.Dialogue.Id, (await Other.Day.PersonAsync(1)).Id, CancellationToken.None);
            db.TabletTurns.Add(new TabletTurn
            {
                CodeHash = LinkCode.Hash(Turn),
                DialogueId = Own.Day.Dialogue.Id,
                SessionId = (await Own.Day.SessionAsync(1)).Id,
                ParticipantId = (await Own.Day.PersonAsync(3)).Id,
                Table = 1,
                ExpiresAt = DateTimeOffset.MaxValue,
            });
            await db.SaveChangesAsync();
            await links.IssueAsync(Other.Day.Dialogue.Id, (await Other.Day.PersonAsync(1)).Id, CancellationToken.None);
            await db.SaveChangesAsync();
            Invitation = await scope.ServiceProvider.GetRequiredService<Invitations>().CreateAsync("", "Ines", false, null, null, null, [], CancellationToken.None);
            Organiser = await db.Users.Where(staff => staff.Email == Own.Day.Slug + "@example.org").Select(staff => staff.Id).SingleAsync();
        }

        visitors["anonymous"] = new Visitor(server.Address);
        visitors["citizen"] = new Visitor(server.Address);
        visitors["organiser"] = Own.Day.Organiser;
        visitors["facilitator"] = await SignInAsync("facilitator", DialogueRole.Facilitator, 1);
        visitors["auditor"] = await SignInAsync("auditor", DialogueRole.Auditor, null);
        visitors["administrator"] = await SignInAsync("administrator", null, null);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Visitor visitor in visitors.Values)
        {
            visitor.Dispose();
        }

        Other.Day.Dispose();
        await server.DisposeAsync();
    }

    /// <summary>The address of an endpoint; <paramref name="value"/> gives what stands for a parameter.</summary>
    public static string PathOf(RouteEndpoint endpoint, Func<string, string> value) => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => value(parameter.Name),
        _ => throw new InvalidOperationException(part.PartKind.ToString()),
    }))));

    /// <summary>What stands for a parameter that does not name a row of a dialogue.</summary>
    /// <param name="role">Who asks: a citizen comes with a code, anybody else with one that nobody was given.</param>
    internal string Value(string parameter, Rows rows, string role, string pattern, bool elsewhere) => parameter switch
    {
        "dialogue" => rows.Day.Slug,
        "table" => elsewhere ? "2" : "1",
        "attempt" => "1",
        "from" or "to" or "level" => "0",
        "place" => "000.p/1",
        "language" => "en",
        "documentName" => "v1",
        "code" => role != "citizen" ? "AAAAAAAAAAAAAAAAAAAAAA" : rows != Own ? EndedCode : pattern.StartsWith("/t/", StringComparison.Ordinal) ? Turn : Code,
        "invitation" => Invitation,
        "staff" => Organiser.ToString(),
        _ => rows.Ids(parameter, pattern)[0],
    };

    /// <summary>Sends a request as somebody; whoever asks too often for one account waits. Every answer must carry the headers, and no page anything inline.</summary>
    public async Task<HttpResponseMessage> AskAsync(string role, Func<HttpRequestMessage> request)
    {
        while (true)
        {
            HttpRequestMessage asked = request();
            if (role == "citizen")
            {
                asked.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Code);
            }

            HttpResponseMessage response = await visitors[role].SendAsync(asked);
            HeaderSet.AssertOn(response);
            if (response.Content.Headers.ContentType?.MediaType == "text/html")
            {
                HeaderSet.AssertNothingInline(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            }

            if (response.StatusCode != HttpStatusCode.TooManyRequests)
            {
                return response;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The antiforgery field of a page that somebody may open.</summary>
    public Task<KeyValuePair<string, string>[]> TokenAsync(string role, string page) => visitors[role].TokenAsync(page);

    /// <summary>Whether the gate let a request in.</summary>
    public static bool WasIn(HttpResponseMessage response) => response.Headers.Contains(InHeader);

    private static void StandBehindTheGate(WebApplication app) => app.Use((context, next) =>
    {
        context.Response.Headers[InHeader] = "yes";
        return context.Request.Headers.ContainsKey(KnockHeader) ? Task.CompletedTask : next(context);
    });

    private async Task<Visitor> SignInAsync(string name, DialogueRole? role, int? table)
    {
        StaffMember staff = new() { Id = Guid.CreateVersion7(), UserName = name + "@example.org", Email = name + "@example.org", DisplayName = "A person who is " + name, IsAdministrator = role is null };
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
        {
            Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>().CreateAsync(staff, Password)).Succeeded);
            if (role is { } held)
            {
                Db db = scope.ServiceProvider.GetRequiredService<Db>();
                db.RoleAssignments.Add(new RoleAssignment { Id = Guid.CreateVersion7(), DialogueId = Own.Day.Dialogue.Id, StaffId = staff.Id, Role = held, Table = table });
                await db.SaveChangesAsync();
            }
        }

        Visitor visitor = new(server.Address);
        Page home = await visitor.SubmitAsync("/account/sign-in", "/account/sign-in", ("email", staff.Email!), ("password", Password));
        Assert.Equal((HttpStatusCode.OK, "/organise"), (home.Status, home.Path));
        return visitor;
    }
}
