using Microsoft.AspNetCore.Antiforgery;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Audiences;

/// <summary>For whom an endpoint is. Every endpoint states exactly one; <see cref="AudienceGate"/> lets nobody else in.</summary>
public enum Audience
{
    /// <summary>Anybody. With <c>{dialogue}</c> in the route: anybody, once the dialogue is published.</summary>
    Public,

    /// <summary>Anybody who holds a citizen's personal link: <c>{code}</c> in the route.</summary>
    Citizen,

    /// <summary>Whoever was given the turn on a shared tablet whose <c>{code}</c> is in the route.</summary>
    Tablet,

    /// <summary>The facilitator of the <c>{table}</c> in the route, and the organisers of its <c>{dialogue}</c>.</summary>
    Facilitator,

    /// <summary>Organisers of the <c>{dialogue}</c> in the route.</summary>
    Organiser,

    /// <summary>Organisers and auditors of the <c>{dialogue}</c> in the route; identities are for organisers only.</summary>
    StaffReader,

    /// <summary>Anybody who is signed in.</summary>
    Staff,

    /// <summary>Administrators of the installation.</summary>
    Administrator,

    /// <summary>A program that brings its credential in the request: the endpoint checks it itself.</summary>
    Bearer,
}

/// <summary>The audience of an endpoint, as metadata.</summary>
public sealed record AudienceMetadata(Audience Audience);

/// <summary>Says that an endpoint is about one site: in a dialogue of many, its address must name which.</summary>
public sealed record OneSiteMetadata;

internal static class AudienceConventions
{
    /// <summary>States the audience of an endpoint or of a group.</summary>
    public static TBuilder ForAudience<TBuilder>(this TBuilder builder, Audience audience) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AudienceMetadata(audience));

    /// <summary>States that an endpoint or a group is about one site.</summary>
    public static TBuilder AtOneSite<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OneSiteMetadata());

    /// <summary>States that an endpoint takes a form of ours: without a valid antiforgery token it answers 400, and 413 when the form is too large to be read.</summary>
    public static RouteHandlerBuilder TakesForm(this RouteHandlerBuilder builder) => builder
        .WithMetadata(new RequireAntiforgeryTokenAttribute())
        .AddEndpointFilter((invocation, next) => invocation.HttpContext.Features.Get<IAntiforgeryValidationFeature>() switch
        {
            { IsValid: true } when !HoldsNul(invocation.HttpContext.Request.Form) => next(invocation),
            { Error.InnerException: { } unreadable } when FailurePages.OfUnreadable(unreadable) is { } status => ValueTask.FromResult<object?>(TypedResults.StatusCode(status)),
            _ => ValueTask.FromResult<object?>(TypedResults.BadRequest()),
        });

    /// <summary>No browser sends a NUL, and PostgreSQL stores none.</summary>
    private static bool HoldsNul(IFormCollection form) => form.Any(field => field.Value.Any(value => value?.Contains('\0', StringComparison.Ordinal) == true));

    /// <summary>Pages of anybody: no prefix.</summary>
    public static RouteGroupBuilder MapPublic(this IEndpointRouteBuilder app) => app.MapGroup("").ForAudience(Audience.Public);

    /// <summary>Public pages of a published dialogue: <c>/d/{dialogue}</c>.</summary>
    public static RouteGroupBuilder MapPublicDialogue(this IEndpointRouteBuilder app) => app.MapGroup("/d/{dialogue}").ForAudience(Audience.Public);

    /// <summary>A citizen's pages: <c>/c/{code}</c>.</summary>
    public static RouteGroupBuilder MapCitizen(this IEndpointRouteBuilder app) => app.MapGroup("/c/{code}").ForAudience(Audience.Citizen);

    /// <summary>The ballot on a shared tablet: <c>/t/{code}</c>.</summary>
    public static RouteGroupBuilder MapTablet(this IEndpointRouteBuilder app) => app.MapGroup("/t/{code}").ForAudience(Audience.Tablet);

    /// <summary>A facilitator's pages: <c>/facilitate/{dialogue}/{table}</c>.</summary>
    public static RouteGroupBuilder MapFacilitator(this IEndpointRouteBuilder app) => app.MapGroup("/facilitate/{dialogue}/{table:int:min(1)}").ForAudience(Audience.Facilitator);

    /// <summary>What organisers do: <c>/organise/{dialogue}</c>.</summary>
    public static RouteGroupBuilder MapOrganiser(this IEndpointRouteBuilder app) => app.MapGroup("/organise/{dialogue}").ForAudience(Audience.Organiser);

    /// <summary>What organisers and auditors read: also <c>/organise/{dialogue}</c>.</summary>
    public static RouteGroupBuilder MapStaffReader(this IEndpointRouteBuilder app) => app.MapGroup("/organise/{dialogue}").ForAudience(Audience.StaffReader);

    /// <summary>Pages of anybody who is signed in.</summary>
    public static RouteGroupBuilder MapStaff(this IEndpointRouteBuilder app) => app.MapGroup("").ForAudience(Audience.Staff);

    /// <summary>The administrator's pages: <c>/administer</c>.</summary>
    public static RouteGroupBuilder MapAdministrator(this IEndpointRouteBuilder app) => app.MapGroup("/administer").ForAudience(Audience.Administrator);
}
