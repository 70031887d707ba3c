using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Audiences;

/// <summary>The one place that decides who may call an endpoint, from the audience it states and the roles held in the dialogue of its route.</summary>
/// <remarks>Nobody learns what exists: a dialogue in which the visitor holds no role answers 404, exactly as one that does not exist.</remarks>
public sealed class AudienceGate(RequestDelegate next, WrongCodes wrongCodes)
{
    private static readonly string StampClaim = new ClaimsIdentityOptions().SecurityStampClaimType;

    public async Task InvokeAsync(HttpContext context, Db db, DialogueScope scope, ICitizenLinks links)
    {
        Endpoint? endpoint = context.GetEndpoint();

        // All of ours are route endpoints; the rest are the router's own answers 405 and 415.
        if (endpoint is not RouteEndpoint)
        {
            await next(context);
            return;
        }

        // An endpoint without an audience is a mistake of ours; it opens for nobody.
        Audience audience = endpoint.Metadata.GetMetadata<AudienceMetadata>()?.Audience
            ?? throw new InvalidOperationException($"{endpoint.DisplayName} states no audience.");
        int refusal = await DecideAsync(audience, context, db, scope, links);
        switch (refusal)
        {
            case 0 when scope is { HasDialogue: true, HasManySites: true, ChosenSite: null } && endpoint.Metadata.GetMetadata<OneSiteMetadata>() is not null:
                // What holds for one site must never quietly be done at the first one.
                if (HttpMethods.IsGet(context.Request.Method))
                {
                    context.Response.Redirect($"/organise/{scope.Dialogue.Slug}/sites?to=" + Uri.EscapeDataString(context.Request.Path.Value!.Split('/', 4).ElementAtOrDefault(3) ?? ""));
                }
                else
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                }

                break;
            case 0:
                await next(context);
                break;
            case StatusCodes.Status401Unauthorized when HttpMethods.IsGet(context.Request.Method):
                context.Response.Redirect("/account/sign-in?return=" + Uri.EscapeDataString(context.Request.Path + context.Request.QueryString));
                break;
            case StatusCodes.Status429TooManyRequests:
                context.Response.Headers.RetryAfter = "60";
                context.Response.StatusCode = refusal;
                break;
            default:
                context.Response.StatusCode = refusal;
                break;
        }
    }

    private async Task<int> DecideAsync(Audience audience, HttpContext context, Db db, DialogueScope scope, ICitizenLinks links)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        StaffMember? staff = await SignedInAsync(context, db, cancellationToken);
        if (staff is not null)
        {
            scope.SignIn(staff);
        }

        if (audience == Audience.Citizen)
        {
            return await ByLinkAsync(context, db, scope, links, cancellationToken);
        }

        if (audience == Audience.Tablet)
        {
            return await ByTurnAsync(context, db, scope, cancellationToken);
        }

        if (audience is not Audience.Public and not Audience.Bearer && staff is null)
        {
            return StatusCodes.Status401Unauthorized;
        }

        bool named = context.Request.RouteValues.TryGetValue("dialogue", out object? segment);
        if (named)
        {
            string[] parts = ((string)segment!).Split(DialogueScope.SiteMark, 2);
            string slug = parts[0];
            Dialogue? dialogue = await db.Dialogues.AsNoTracking().Include(d => d.Sites).SingleOrDefaultAsync(d => d.Slug == slug, cancellationToken);
            if (dialogue is null)
            {
                return StatusCodes.Status404NotFound;
            }

            scope.Enter(dialogue);
            if (!ChooseSite(scope, parts.ElementAtOrDefault(1), context.Request.RouteValues["table"] as string))
            {
                return StatusCodes.Status404NotFound;
            }

            if (staff is not null)
            {
                scope.Hold(await db.RoleAssignments.AsNoTracking()
                    .Where(role => role.DialogueId == dialogue.Id && role.StaffId == staff.Id).ToListAsync(cancellationToken));
            }
        }
        else if (audience is Audience.Organiser or Audience.StaffReader or Audience.Facilitator)
        {
            // A missing route value must never silently open a door.
            throw new InvalidOperationException($"{context.GetEndpoint()!.DisplayName} is for {audience}, but its route has no {{dialogue}}.");
        }

        bool allowed = audience switch
        {
            Audience.Public => !named || scope.Dialogue.PublishedAt is not null,
            Audience.Bearer or Audience.Staff => true,
            Audience.Administrator => staff is { IsAdministrator: true },
            Audience.Organiser => scope.IsOrganiser,
            Audience.StaffReader => scope.IsOrganiser || scope.IsAuditor,
            Audience.Facilitator => scope.IsOrganiser
                || scope.Tables.Contains(int.Parse((string)context.Request.RouteValues["table"]!, CultureInfo.InvariantCulture)),
            _ => false,
        };
        return allowed ? 0 : audience == Audience.Administrator || HoldsSomething(scope) ? StatusCodes.Status403Forbidden : StatusCodes.Status404NotFound;
    }

    /// <summary>Reads the site behind the dialogue's name; a table is at the site whose number its hundreds are.</summary>
    /// <returns>Whether there is such a site. A dialogue of one site is never named with it.</returns>
    private static bool ChooseSite(DialogueScope scope, string? code, string? table)
    {
        if (code is null && (table is null || !scope.HasManySites))
        {
            return true;
        }

        Site? site = !scope.HasManySites ? null
            : code is not null ? scope.Sites.FirstOrDefault(s => s.Code == code)
            : scope.Sites.FirstOrDefault(s => s.HoldsTable(int.Parse(table!, CultureInfo.InvariantCulture)));
        if (site is null || (table is not null && !site.HoldsTable(int.Parse(table, CultureInfo.InvariantCulture))))
        {
            return false;
        }

        scope.Choose(site);
        return true;
    }

    /// <summary>Who is signed in. A cookie whose session was ended, by signing out, a new password or an administrator, is nobody's from that moment on.</summary>
    private static async Task<StaffMember?> SignedInAsync(HttpContext context, Db db, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out Guid id))
        {
            return null;
        }

        StaffMember? staff = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);
        if (staff?.SecurityStamp is { } stamp && stamp == context.User.FindFirstValue(StampClaim))
        {
            return staff;
        }

        // The form that follows, to sign in again, is a stranger's: made for the ended session it would not be taken once the cookie is gone.
        context.User = new ClaimsPrincipal(new ClaimsIdentity());
        return null;
    }

    private static bool HoldsSomething(DialogueScope scope) => scope.HasDialogue && (scope.IsOrganiser || scope.IsAuditor || scope.Tables.Count > 0);

    private async Task<int> ByLinkAsync(HttpContext context, Db db, DialogueScope scope, ICitizenLinks links, CancellationToken cancellationToken)
    {
        string? code = context.Request.RouteValues["code"] as string;
        Dialogues.ParticipantId? id = LinkCode.HasForm(code) ? await links.FindAsync(code!, cancellationToken) : null;
        if (id is null)
        {
            return wrongCodes.IsOneTooMany(context) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status404NotFound;
        }

        Storage.Participants.Participant participant = await db.Participants.AsNoTracking().SingleAsync(p => p.Id == id, cancellationToken);
        scope.Enter(await db.Dialogues.AsNoTracking().Include(d => d.Sites).SingleAsync(d => d.Id == participant.DialogueId, cancellationToken));
        scope.Choose(scope.Sites.Single(site => site.Id == participant.SiteId));
        string language = await db.People.Where(person => person.Id == participant.PersonId).Select(person => person.Language).SingleOrDefaultAsync(cancellationToken) ?? "";
        scope.ComeByLink(participant, code!, language);
        return 0;
    }

    private async Task<int> ByTurnAsync(HttpContext context, Db db, DialogueScope scope, CancellationToken cancellationToken)
    {
        string? code = context.Request.RouteValues["code"] as string;
        byte[] hash = LinkCode.HasForm(code) ? LinkCode.Hash(code!) : [];
        if (await db.TabletTurns.AsNoTracking().SingleOrDefaultAsync(turn => turn.CodeHash == hash, cancellationToken) is not { } given)
        {
            return wrongCodes.IsOneTooMany(context) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status404NotFound;
        }

        scope.Enter(await db.Dialogues.AsNoTracking().Include(d => d.Sites).SingleAsync(d => d.Id == given.DialogueId, cancellationToken));
        Dialogues.SiteId at = await db.Participants.Where(p => p.Id == given.ParticipantId).Select(p => p.SiteId).SingleAsync(cancellationToken);
        scope.Choose(scope.Sites.Single(site => site.Id == at));
        scope.ComeByTurn(given, code!);
        return 0;
    }
}
