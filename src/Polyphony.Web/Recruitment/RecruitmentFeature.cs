using Polyphony.Web.Audiences;

namespace Polyphony.Web.Recruitment;

/// <summary>Quotas and the pool of people who answered the invitation, until the lottery is frozen.</summary>
internal static class RecruitmentFeature
{
    public static void AddRecruitment(this IServiceCollection services)
    {
        services.AddSingleton<FeasibilityMemory>();
        services.AddScoped<PoolDesk>();
    }

    public static void MapRecruitment(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder organiser = app.MapOrganiser().AtOneSite();
        RouteGroupBuilder reader = app.MapStaffReader().AtOneSite();
        EditQuotas.Map(organiser, reader);
        RelaxQuotas.Map(organiser);
        ImportQuotas.Map(organiser);
        ShowPool.Map(organiser, reader);
        ImportPool.Map(organiser);
        EditPerson.Map(organiser);
    }
}
