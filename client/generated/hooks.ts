import type { ApolloCache, OperationVariables } from '@apollo/client';
import { type SkipToken, useLazyQuery, useMutation, useQuery, useSubscription, useSuspenseQuery } from '@apollo/client/react';
import * as Souk from './operations.js';
type Loaded = 'complete' | 'streaming';
type Whole = { returnPartialData?: false };
type QueryOptions<T, V extends OperationVariables> = useQuery.Options<T, V> & Whole;
type QueryResult<T, V extends OperationVariables> = useQuery.Result<T, V, Loaded | 'empty', Partial<V>>;
type LazyQueryOptions<T, V extends OperationVariables> = useLazyQuery.Options<T, V> & Whole;
type LazyQueryResult<T, V extends OperationVariables> = useLazyQuery.ResultTuple<T, V, Loaded | 'empty'>;
type SuspenseOptions<V extends OperationVariables> = useSuspenseQuery.Options<V> & Whole;
type SuspenseResult<T, V extends OperationVariables> = useSuspenseQuery.Result<T, V, Loaded | 'empty'>;
type SureOptions<V extends OperationVariables> = SuspenseOptions<V> & { errorPolicy?: 'none'; skip?: false };
type SureResult<T, V extends OperationVariables> = useSuspenseQuery.Result<T, V, Loaded>;
type Given<V, C> = { [K in keyof C]: K extends keyof V ? C[K] : never };
type MutationOptions<T, V extends OperationVariables, C extends Partial<V>> = useMutation.Options<T, V, ApolloCache, Given<V, C>>;

export function useRegisterMutation<C extends Partial<Souk.RegisterMutationVariables> = {}>(options?: MutationOptions<Souk.RegisterMutation, Souk.RegisterMutationVariables, C>) {
  return useMutation(Souk.RegisterDocument, options);
}

export function useLoginMutation<C extends Partial<Souk.LoginMutationVariables> = {}>(options?: MutationOptions<Souk.LoginMutation, Souk.LoginMutationVariables, C>) {
  return useMutation(Souk.LoginDocument, options);
}

export function useRefreshMutation<C extends Partial<Souk.RefreshMutationVariables> = {}>(options?: MutationOptions<Souk.RefreshMutation, Souk.RefreshMutationVariables, C>) {
  return useMutation(Souk.RefreshDocument, options);
}

export function useLogoutMutation<C extends Partial<Souk.LogoutMutationVariables> = {}>(options?: MutationOptions<Souk.LogoutMutation, Souk.LogoutMutationVariables, C>) {
  return useMutation(Souk.LogoutDocument, options);
}

export function useMeQuery(options?: QueryOptions<Souk.MeQuery, Souk.MeQueryVariables> | SkipToken): QueryResult<Souk.MeQuery, Souk.MeQueryVariables> {
  return useQuery(Souk.MeDocument, options);
}
export function useMeLazyQuery(options?: LazyQueryOptions<Souk.MeQuery, Souk.MeQueryVariables>): LazyQueryResult<Souk.MeQuery, Souk.MeQueryVariables> {
  return useLazyQuery(Souk.MeDocument, options);
}
export function useMeSuspenseQuery(options?: SureOptions<Souk.MeQueryVariables>): SureResult<Souk.MeQuery, Souk.MeQueryVariables>;
export function useMeSuspenseQuery(options?: SuspenseOptions<Souk.MeQueryVariables> | SkipToken): SuspenseResult<Souk.MeQuery, Souk.MeQueryVariables>;
export function useMeSuspenseQuery(options?: SuspenseOptions<Souk.MeQueryVariables> | SkipToken): SuspenseResult<Souk.MeQuery, Souk.MeQueryVariables> {
  return useSuspenseQuery(Souk.MeDocument, options);
}

export function useUpdateMeMutation<C extends Partial<Souk.UpdateMeMutationVariables> = {}>(options?: MutationOptions<Souk.UpdateMeMutation, Souk.UpdateMeMutationVariables, C>) {
  return useMutation(Souk.UpdateMeDocument, options);
}

export function usePasswordChangeMutation<C extends Partial<Souk.PasswordChangeMutationVariables> = {}>(options?: MutationOptions<Souk.PasswordChangeMutation, Souk.PasswordChangeMutationVariables, C>) {
  return useMutation(Souk.PasswordChangeDocument, options);
}

export function useEmailChangeMutation<C extends Partial<Souk.EmailChangeMutationVariables> = {}>(options?: MutationOptions<Souk.EmailChangeMutation, Souk.EmailChangeMutationVariables, C>) {
  return useMutation(Souk.EmailChangeDocument, options);
}

export function useAddressBookQuery(options?: QueryOptions<Souk.AddressBookQuery, Souk.AddressBookQueryVariables> | SkipToken): QueryResult<Souk.AddressBookQuery, Souk.AddressBookQueryVariables> {
  return useQuery(Souk.AddressBookDocument, options);
}
export function useAddressBookLazyQuery(options?: LazyQueryOptions<Souk.AddressBookQuery, Souk.AddressBookQueryVariables>): LazyQueryResult<Souk.AddressBookQuery, Souk.AddressBookQueryVariables> {
  return useLazyQuery(Souk.AddressBookDocument, options);
}
export function useAddressBookSuspenseQuery(options?: SureOptions<Souk.AddressBookQueryVariables>): SureResult<Souk.AddressBookQuery, Souk.AddressBookQueryVariables>;
export function useAddressBookSuspenseQuery(options?: SuspenseOptions<Souk.AddressBookQueryVariables> | SkipToken): SuspenseResult<Souk.AddressBookQuery, Souk.AddressBookQueryVariables>;
export function useAddressBookSuspenseQuery(options?: SuspenseOptions<Souk.AddressBookQueryVariables> | SkipToken): SuspenseResult<Souk.AddressBookQuery, Souk.AddressBookQueryVariables> {
  return useSuspenseQuery(Souk.AddressBookDocument, options);
}

export function useAddressCreateMutation<C extends Partial<Souk.AddressCreateMutationVariables> = {}>(options?: MutationOptions<Souk.AddressCreateMutation, Souk.AddressCreateMutationVariables, C>) {
  return useMutation(Souk.AddressCreateDocument, options);
}

export function useAddressSaveMutation<C extends Partial<Souk.AddressSaveMutationVariables> = {}>(options?: MutationOptions<Souk.AddressSaveMutation, Souk.AddressSaveMutationVariables, C>) {
  return useMutation(Souk.AddressSaveDocument, options);
}

export function useAddressDeleteMutation<C extends Partial<Souk.AddressDeleteMutationVariables> = {}>(options?: MutationOptions<Souk.AddressDeleteMutation, Souk.AddressDeleteMutationVariables, C>) {
  return useMutation(Souk.AddressDeleteDocument, options);
}

export function useAdminOrderListQuery(options?: QueryOptions<Souk.AdminOrderListQuery, Souk.AdminOrderListQueryVariables> | SkipToken): QueryResult<Souk.AdminOrderListQuery, Souk.AdminOrderListQueryVariables> {
  return useQuery(Souk.AdminOrderListDocument, options);
}
export function useAdminOrderListLazyQuery(options?: LazyQueryOptions<Souk.AdminOrderListQuery, Souk.AdminOrderListQueryVariables>): LazyQueryResult<Souk.AdminOrderListQuery, Souk.AdminOrderListQueryVariables> {
  return useLazyQuery(Souk.AdminOrderListDocument, options);
}
export function useAdminOrderListSuspenseQuery(options?: SureOptions<Souk.AdminOrderListQueryVariables>): SureResult<Souk.AdminOrderListQuery, Souk.AdminOrderListQueryVariables>;
export function useAdminOrderListSuspenseQuery(options?: SuspenseOptions<Souk.AdminOrderListQueryVariables> | SkipToken): SuspenseResult<Souk.AdminOrderListQuery, Souk.AdminOrderListQueryVariables>;
export function useAdminOrderListSuspenseQuery(options?: SuspenseOptions<Souk.AdminOrderListQueryVariables> | SkipToken): SuspenseResult<Souk.AdminOrderListQuery, Souk.AdminOrderListQueryVariables> {
  return useSuspenseQuery(Souk.AdminOrderListDocument, options);
}

export function useAdminOrderDetailQuery(options: QueryOptions<Souk.AdminOrderDetailQuery, Souk.AdminOrderDetailQueryVariables> | SkipToken): QueryResult<Souk.AdminOrderDetailQuery, Souk.AdminOrderDetailQueryVariables> {
  return useQuery(Souk.AdminOrderDetailDocument, options);
}
export function useAdminOrderDetailLazyQuery(options?: LazyQueryOptions<Souk.AdminOrderDetailQuery, Souk.AdminOrderDetailQueryVariables>): LazyQueryResult<Souk.AdminOrderDetailQuery, Souk.AdminOrderDetailQueryVariables> {
  return useLazyQuery(Souk.AdminOrderDetailDocument, options);
}
export function useAdminOrderDetailSuspenseQuery(options: SureOptions<Souk.AdminOrderDetailQueryVariables>): SureResult<Souk.AdminOrderDetailQuery, Souk.AdminOrderDetailQueryVariables>;
export function useAdminOrderDetailSuspenseQuery(options: SuspenseOptions<Souk.AdminOrderDetailQueryVariables> | SkipToken): SuspenseResult<Souk.AdminOrderDetailQuery, Souk.AdminOrderDetailQueryVariables>;
export function useAdminOrderDetailSuspenseQuery(options: SuspenseOptions<Souk.AdminOrderDetailQueryVariables> | SkipToken): SuspenseResult<Souk.AdminOrderDetailQuery, Souk.AdminOrderDetailQueryVariables> {
  return useSuspenseQuery(Souk.AdminOrderDetailDocument, options);
}

export function useOrderTransitionMutation<C extends Partial<Souk.OrderTransitionMutationVariables> = {}>(options?: MutationOptions<Souk.OrderTransitionMutation, Souk.OrderTransitionMutationVariables, C>) {
  return useMutation(Souk.OrderTransitionDocument, options);
}

export function useOrderFulfillMutation<C extends Partial<Souk.OrderFulfillMutationVariables> = {}>(options?: MutationOptions<Souk.OrderFulfillMutation, Souk.OrderFulfillMutationVariables, C>) {
  return useMutation(Souk.OrderFulfillDocument, options);
}

export function useOrderShipMutation<C extends Partial<Souk.OrderShipMutationVariables> = {}>(options?: MutationOptions<Souk.OrderShipMutation, Souk.OrderShipMutationVariables, C>) {
  return useMutation(Souk.OrderShipDocument, options);
}

export function useOrderDeliverMutation<C extends Partial<Souk.OrderDeliverMutationVariables> = {}>(options?: MutationOptions<Souk.OrderDeliverMutation, Souk.OrderDeliverMutationVariables, C>) {
  return useMutation(Souk.OrderDeliverDocument, options);
}

export function useOrderRefundMutation<C extends Partial<Souk.OrderRefundMutationVariables> = {}>(options?: MutationOptions<Souk.OrderRefundMutation, Souk.OrderRefundMutationVariables, C>) {
  return useMutation(Souk.OrderRefundDocument, options);
}

export function usePaymentCaptureMutation<C extends Partial<Souk.PaymentCaptureMutationVariables> = {}>(options?: MutationOptions<Souk.PaymentCaptureMutation, Souk.PaymentCaptureMutationVariables, C>) {
  return useMutation(Souk.PaymentCaptureDocument, options);
}

export function useAdminProductListQuery(options?: QueryOptions<Souk.AdminProductListQuery, Souk.AdminProductListQueryVariables> | SkipToken): QueryResult<Souk.AdminProductListQuery, Souk.AdminProductListQueryVariables> {
  return useQuery(Souk.AdminProductListDocument, options);
}
export function useAdminProductListLazyQuery(options?: LazyQueryOptions<Souk.AdminProductListQuery, Souk.AdminProductListQueryVariables>): LazyQueryResult<Souk.AdminProductListQuery, Souk.AdminProductListQueryVariables> {
  return useLazyQuery(Souk.AdminProductListDocument, options);
}
export function useAdminProductListSuspenseQuery(options?: SureOptions<Souk.AdminProductListQueryVariables>): SureResult<Souk.AdminProductListQuery, Souk.AdminProductListQueryVariables>;
export function useAdminProductListSuspenseQuery(options?: SuspenseOptions<Souk.AdminProductListQueryVariables> | SkipToken): SuspenseResult<Souk.AdminProductListQuery, Souk.AdminProductListQueryVariables>;
export function useAdminProductListSuspenseQuery(options?: SuspenseOptions<Souk.AdminProductListQueryVariables> | SkipToken): SuspenseResult<Souk.AdminProductListQuery, Souk.AdminProductListQueryVariables> {
  return useSuspenseQuery(Souk.AdminProductListDocument, options);
}

export function useAdminProductDetailQuery(options: QueryOptions<Souk.AdminProductDetailQuery, Souk.AdminProductDetailQueryVariables> | SkipToken): QueryResult<Souk.AdminProductDetailQuery, Souk.AdminProductDetailQueryVariables> {
  return useQuery(Souk.AdminProductDetailDocument, options);
}
export function useAdminProductDetailLazyQuery(options?: LazyQueryOptions<Souk.AdminProductDetailQuery, Souk.AdminProductDetailQueryVariables>): LazyQueryResult<Souk.AdminProductDetailQuery, Souk.AdminProductDetailQueryVariables> {
  return useLazyQuery(Souk.AdminProductDetailDocument, options);
}
export function useAdminProductDetailSuspenseQuery(options: SureOptions<Souk.AdminProductDetailQueryVariables>): SureResult<Souk.AdminProductDetailQuery, Souk.AdminProductDetailQueryVariables>;
export function useAdminProductDetailSuspenseQuery(options: SuspenseOptions<Souk.AdminProductDetailQueryVariables> | SkipToken): SuspenseResult<Souk.AdminProductDetailQuery, Souk.AdminProductDetailQueryVariables>;
export function useAdminProductDetailSuspenseQuery(options: SuspenseOptions<Souk.AdminProductDetailQueryVariables> | SkipToken): SuspenseResult<Souk.AdminProductDetailQuery, Souk.AdminProductDetailQueryVariables> {
  return useSuspenseQuery(Souk.AdminProductDetailDocument, options);
}

export function useProductCreateMutation<C extends Partial<Souk.ProductCreateMutationVariables> = {}>(options?: MutationOptions<Souk.ProductCreateMutation, Souk.ProductCreateMutationVariables, C>) {
  return useMutation(Souk.ProductCreateDocument, options);
}

export function useProductSaveMutation<C extends Partial<Souk.ProductSaveMutationVariables> = {}>(options?: MutationOptions<Souk.ProductSaveMutation, Souk.ProductSaveMutationVariables, C>) {
  return useMutation(Souk.ProductSaveDocument, options);
}

export function useProductArchiveMutation<C extends Partial<Souk.ProductArchiveMutationVariables> = {}>(options?: MutationOptions<Souk.ProductArchiveMutation, Souk.ProductArchiveMutationVariables, C>) {
  return useMutation(Souk.ProductArchiveDocument, options);
}

export function useVariantCreateMutation<C extends Partial<Souk.VariantCreateMutationVariables> = {}>(options?: MutationOptions<Souk.VariantCreateMutation, Souk.VariantCreateMutationVariables, C>) {
  return useMutation(Souk.VariantCreateDocument, options);
}

export function useVariantSaveMutation<C extends Partial<Souk.VariantSaveMutationVariables> = {}>(options?: MutationOptions<Souk.VariantSaveMutation, Souk.VariantSaveMutationVariables, C>) {
  return useMutation(Souk.VariantSaveDocument, options);
}

export function useVariantDeleteMutation<C extends Partial<Souk.VariantDeleteMutationVariables> = {}>(options?: MutationOptions<Souk.VariantDeleteMutation, Souk.VariantDeleteMutationVariables, C>) {
  return useMutation(Souk.VariantDeleteDocument, options);
}

export function useStockAdjustMutation<C extends Partial<Souk.StockAdjustMutationVariables> = {}>(options?: MutationOptions<Souk.StockAdjustMutation, Souk.StockAdjustMutationVariables, C>) {
  return useMutation(Souk.StockAdjustDocument, options);
}

export function useStockMovementsQuery(options: QueryOptions<Souk.StockMovementsQuery, Souk.StockMovementsQueryVariables> | SkipToken): QueryResult<Souk.StockMovementsQuery, Souk.StockMovementsQueryVariables> {
  return useQuery(Souk.StockMovementsDocument, options);
}
export function useStockMovementsLazyQuery(options?: LazyQueryOptions<Souk.StockMovementsQuery, Souk.StockMovementsQueryVariables>): LazyQueryResult<Souk.StockMovementsQuery, Souk.StockMovementsQueryVariables> {
  return useLazyQuery(Souk.StockMovementsDocument, options);
}
export function useStockMovementsSuspenseQuery(options: SureOptions<Souk.StockMovementsQueryVariables>): SureResult<Souk.StockMovementsQuery, Souk.StockMovementsQueryVariables>;
export function useStockMovementsSuspenseQuery(options: SuspenseOptions<Souk.StockMovementsQueryVariables> | SkipToken): SuspenseResult<Souk.StockMovementsQuery, Souk.StockMovementsQueryVariables>;
export function useStockMovementsSuspenseQuery(options: SuspenseOptions<Souk.StockMovementsQueryVariables> | SkipToken): SuspenseResult<Souk.StockMovementsQuery, Souk.StockMovementsQueryVariables> {
  return useSuspenseQuery(Souk.StockMovementsDocument, options);
}

export function useCategoryCreateMutation<C extends Partial<Souk.CategoryCreateMutationVariables> = {}>(options?: MutationOptions<Souk.CategoryCreateMutation, Souk.CategoryCreateMutationVariables, C>) {
  return useMutation(Souk.CategoryCreateDocument, options);
}

export function useCategorySaveMutation<C extends Partial<Souk.CategorySaveMutationVariables> = {}>(options?: MutationOptions<Souk.CategorySaveMutation, Souk.CategorySaveMutationVariables, C>) {
  return useMutation(Souk.CategorySaveDocument, options);
}

export function useCategoryMoveMutation<C extends Partial<Souk.CategoryMoveMutationVariables> = {}>(options?: MutationOptions<Souk.CategoryMoveMutation, Souk.CategoryMoveMutationVariables, C>) {
  return useMutation(Souk.CategoryMoveDocument, options);
}

export function useCategoryDeleteMutation<C extends Partial<Souk.CategoryDeleteMutationVariables> = {}>(options?: MutationOptions<Souk.CategoryDeleteMutation, Souk.CategoryDeleteMutationVariables, C>) {
  return useMutation(Souk.CategoryDeleteDocument, options);
}

export function useUserListQuery(options?: QueryOptions<Souk.UserListQuery, Souk.UserListQueryVariables> | SkipToken): QueryResult<Souk.UserListQuery, Souk.UserListQueryVariables> {
  return useQuery(Souk.UserListDocument, options);
}
export function useUserListLazyQuery(options?: LazyQueryOptions<Souk.UserListQuery, Souk.UserListQueryVariables>): LazyQueryResult<Souk.UserListQuery, Souk.UserListQueryVariables> {
  return useLazyQuery(Souk.UserListDocument, options);
}
export function useUserListSuspenseQuery(options?: SureOptions<Souk.UserListQueryVariables>): SureResult<Souk.UserListQuery, Souk.UserListQueryVariables>;
export function useUserListSuspenseQuery(options?: SuspenseOptions<Souk.UserListQueryVariables> | SkipToken): SuspenseResult<Souk.UserListQuery, Souk.UserListQueryVariables>;
export function useUserListSuspenseQuery(options?: SuspenseOptions<Souk.UserListQueryVariables> | SkipToken): SuspenseResult<Souk.UserListQuery, Souk.UserListQueryVariables> {
  return useSuspenseQuery(Souk.UserListDocument, options);
}

export function useUserDetailQuery(options: QueryOptions<Souk.UserDetailQuery, Souk.UserDetailQueryVariables> | SkipToken): QueryResult<Souk.UserDetailQuery, Souk.UserDetailQueryVariables> {
  return useQuery(Souk.UserDetailDocument, options);
}
export function useUserDetailLazyQuery(options?: LazyQueryOptions<Souk.UserDetailQuery, Souk.UserDetailQueryVariables>): LazyQueryResult<Souk.UserDetailQuery, Souk.UserDetailQueryVariables> {
  return useLazyQuery(Souk.UserDetailDocument, options);
}
export function useUserDetailSuspenseQuery(options: SureOptions<Souk.UserDetailQueryVariables>): SureResult<Souk.UserDetailQuery, Souk.UserDetailQueryVariables>;
export function useUserDetailSuspenseQuery(options: SuspenseOptions<Souk.UserDetailQueryVariables> | SkipToken): SuspenseResult<Souk.UserDetailQuery, Souk.UserDetailQueryVariables>;
export function useUserDetailSuspenseQuery(options: SuspenseOptions<Souk.UserDetailQueryVariables> | SkipToken): SuspenseResult<Souk.UserDetailQuery, Souk.UserDetailQueryVariables> {
  return useSuspenseQuery(Souk.UserDetailDocument, options);
}

export function useAssignRolesMutation<C extends Partial<Souk.AssignRolesMutationVariables> = {}>(options?: MutationOptions<Souk.AssignRolesMutation, Souk.AssignRolesMutationVariables, C>) {
  return useMutation(Souk.AssignRolesDocument, options);
}

export function useUserDisableMutation<C extends Partial<Souk.UserDisableMutationVariables> = {}>(options?: MutationOptions<Souk.UserDisableMutation, Souk.UserDisableMutationVariables, C>) {
  return useMutation(Souk.UserDisableDocument, options);
}

export function useUserEnableMutation<C extends Partial<Souk.UserEnableMutationVariables> = {}>(options?: MutationOptions<Souk.UserEnableMutation, Souk.UserEnableMutationVariables, C>) {
  return useMutation(Souk.UserEnableDocument, options);
}

export function useProductImportMutation<C extends Partial<Souk.ProductImportMutationVariables> = {}>(options?: MutationOptions<Souk.ProductImportMutation, Souk.ProductImportMutationVariables, C>) {
  return useMutation(Souk.ProductImportDocument, options);
}

export function useCartGetQuery(options: QueryOptions<Souk.CartGetQuery, Souk.CartGetQueryVariables> | SkipToken): QueryResult<Souk.CartGetQuery, Souk.CartGetQueryVariables> {
  return useQuery(Souk.CartGetDocument, options);
}
export function useCartGetLazyQuery(options?: LazyQueryOptions<Souk.CartGetQuery, Souk.CartGetQueryVariables>): LazyQueryResult<Souk.CartGetQuery, Souk.CartGetQueryVariables> {
  return useLazyQuery(Souk.CartGetDocument, options);
}
export function useCartGetSuspenseQuery(options: SureOptions<Souk.CartGetQueryVariables>): SureResult<Souk.CartGetQuery, Souk.CartGetQueryVariables>;
export function useCartGetSuspenseQuery(options: SuspenseOptions<Souk.CartGetQueryVariables> | SkipToken): SuspenseResult<Souk.CartGetQuery, Souk.CartGetQueryVariables>;
export function useCartGetSuspenseQuery(options: SuspenseOptions<Souk.CartGetQueryVariables> | SkipToken): SuspenseResult<Souk.CartGetQuery, Souk.CartGetQueryVariables> {
  return useSuspenseQuery(Souk.CartGetDocument, options);
}

export function useMyCartQuery(options?: QueryOptions<Souk.MyCartQuery, Souk.MyCartQueryVariables> | SkipToken): QueryResult<Souk.MyCartQuery, Souk.MyCartQueryVariables> {
  return useQuery(Souk.MyCartDocument, options);
}
export function useMyCartLazyQuery(options?: LazyQueryOptions<Souk.MyCartQuery, Souk.MyCartQueryVariables>): LazyQueryResult<Souk.MyCartQuery, Souk.MyCartQueryVariables> {
  return useLazyQuery(Souk.MyCartDocument, options);
}
export function useMyCartSuspenseQuery(options?: SureOptions<Souk.MyCartQueryVariables>): SureResult<Souk.MyCartQuery, Souk.MyCartQueryVariables>;
export function useMyCartSuspenseQuery(options?: SuspenseOptions<Souk.MyCartQueryVariables> | SkipToken): SuspenseResult<Souk.MyCartQuery, Souk.MyCartQueryVariables>;
export function useMyCartSuspenseQuery(options?: SuspenseOptions<Souk.MyCartQueryVariables> | SkipToken): SuspenseResult<Souk.MyCartQuery, Souk.MyCartQueryVariables> {
  return useSuspenseQuery(Souk.MyCartDocument, options);
}

export function useCartCreateMutation<C extends Partial<Souk.CartCreateMutationVariables> = {}>(options?: MutationOptions<Souk.CartCreateMutation, Souk.CartCreateMutationVariables, C>) {
  return useMutation(Souk.CartCreateDocument, options);
}

export function useCartLinesAddMutation<C extends Partial<Souk.CartLinesAddMutationVariables> = {}>(options?: MutationOptions<Souk.CartLinesAddMutation, Souk.CartLinesAddMutationVariables, C>) {
  return useMutation(Souk.CartLinesAddDocument, options);
}

export function useCartLinesUpdateMutation<C extends Partial<Souk.CartLinesUpdateMutationVariables> = {}>(options?: MutationOptions<Souk.CartLinesUpdateMutation, Souk.CartLinesUpdateMutationVariables, C>) {
  return useMutation(Souk.CartLinesUpdateDocument, options);
}

export function useCartLinesRemoveMutation<C extends Partial<Souk.CartLinesRemoveMutationVariables> = {}>(options?: MutationOptions<Souk.CartLinesRemoveMutation, Souk.CartLinesRemoveMutationVariables, C>) {
  return useMutation(Souk.CartLinesRemoveDocument, options);
}

export function useCartCouponMutation<C extends Partial<Souk.CartCouponMutationVariables> = {}>(options?: MutationOptions<Souk.CartCouponMutation, Souk.CartCouponMutationVariables, C>) {
  return useMutation(Souk.CartCouponDocument, options);
}

export function useCartCouponRemoveMutation<C extends Partial<Souk.CartCouponRemoveMutationVariables> = {}>(options?: MutationOptions<Souk.CartCouponRemoveMutation, Souk.CartCouponRemoveMutationVariables, C>) {
  return useMutation(Souk.CartCouponRemoveDocument, options);
}

export function useCartCustomerSetMutation<C extends Partial<Souk.CartCustomerSetMutationVariables> = {}>(options?: MutationOptions<Souk.CartCustomerSetMutation, Souk.CartCustomerSetMutationVariables, C>) {
  return useMutation(Souk.CartCustomerSetDocument, options);
}

export function useCartAddressesSetMutation<C extends Partial<Souk.CartAddressesSetMutationVariables> = {}>(options?: MutationOptions<Souk.CartAddressesSetMutation, Souk.CartAddressesSetMutationVariables, C>) {
  return useMutation(Souk.CartAddressesSetDocument, options);
}

export function useCartShippingSetMutation<C extends Partial<Souk.CartShippingSetMutationVariables> = {}>(options?: MutationOptions<Souk.CartShippingSetMutation, Souk.CartShippingSetMutationVariables, C>) {
  return useMutation(Souk.CartShippingSetDocument, options);
}

export function useOnProductEventsSubscription(options?: useSubscription.Options<Souk.OnProductEventsSubscription, Souk.OnProductEventsSubscriptionVariables> | SkipToken): useSubscription.Result<Souk.OnProductEventsSubscription> {
  return useSubscription(Souk.OnProductEventsDocument, options);
}

export function useOnProductAddedSubscription(options?: useSubscription.Options<Souk.OnProductAddedSubscription, Souk.OnProductAddedSubscriptionVariables> | SkipToken): useSubscription.Result<Souk.OnProductAddedSubscription> {
  return useSubscription(Souk.OnProductAddedDocument, options);
}

export function useOnOrderEventsSubscription(options?: useSubscription.Options<Souk.OnOrderEventsSubscription, Souk.OnOrderEventsSubscriptionVariables> | SkipToken): useSubscription.Result<Souk.OnOrderEventsSubscription> {
  return useSubscription(Souk.OnOrderEventsDocument, options);
}

export function useOnMyOrderSubscription(options: useSubscription.Options<Souk.OnMyOrderSubscription, Souk.OnMyOrderSubscriptionVariables> | SkipToken): useSubscription.Result<Souk.OnMyOrderSubscription> {
  return useSubscription(Souk.OnMyOrderDocument, options);
}

export function useOnJobEventsSubscription(options?: useSubscription.Options<Souk.OnJobEventsSubscription, Souk.OnJobEventsSubscriptionVariables> | SkipToken): useSubscription.Result<Souk.OnJobEventsSubscription> {
  return useSubscription(Souk.OnJobEventsDocument, options);
}

export function usePlaceOrderMutation<C extends Partial<Souk.PlaceOrderMutationVariables> = {}>(options?: MutationOptions<Souk.PlaceOrderMutation, Souk.PlaceOrderMutationVariables, C>) {
  return useMutation(Souk.PlaceOrderDocument, options);
}

export function usePaymentStartMutation<C extends Partial<Souk.PaymentStartMutationVariables> = {}>(options?: MutationOptions<Souk.PaymentStartMutation, Souk.PaymentStartMutationVariables, C>) {
  return useMutation(Souk.PaymentStartDocument, options);
}

export function useOrderByNumberQuery(options: QueryOptions<Souk.OrderByNumberQuery, Souk.OrderByNumberQueryVariables> | SkipToken): QueryResult<Souk.OrderByNumberQuery, Souk.OrderByNumberQueryVariables> {
  return useQuery(Souk.OrderByNumberDocument, options);
}
export function useOrderByNumberLazyQuery(options?: LazyQueryOptions<Souk.OrderByNumberQuery, Souk.OrderByNumberQueryVariables>): LazyQueryResult<Souk.OrderByNumberQuery, Souk.OrderByNumberQueryVariables> {
  return useLazyQuery(Souk.OrderByNumberDocument, options);
}
export function useOrderByNumberSuspenseQuery(options: SureOptions<Souk.OrderByNumberQueryVariables>): SureResult<Souk.OrderByNumberQuery, Souk.OrderByNumberQueryVariables>;
export function useOrderByNumberSuspenseQuery(options: SuspenseOptions<Souk.OrderByNumberQueryVariables> | SkipToken): SuspenseResult<Souk.OrderByNumberQuery, Souk.OrderByNumberQueryVariables>;
export function useOrderByNumberSuspenseQuery(options: SuspenseOptions<Souk.OrderByNumberQueryVariables> | SkipToken): SuspenseResult<Souk.OrderByNumberQuery, Souk.OrderByNumberQueryVariables> {
  return useSuspenseQuery(Souk.OrderByNumberDocument, options);
}

export function useMyOrderQuery(options: QueryOptions<Souk.MyOrderQuery, Souk.MyOrderQueryVariables> | SkipToken): QueryResult<Souk.MyOrderQuery, Souk.MyOrderQueryVariables> {
  return useQuery(Souk.MyOrderDocument, options);
}
export function useMyOrderLazyQuery(options?: LazyQueryOptions<Souk.MyOrderQuery, Souk.MyOrderQueryVariables>): LazyQueryResult<Souk.MyOrderQuery, Souk.MyOrderQueryVariables> {
  return useLazyQuery(Souk.MyOrderDocument, options);
}
export function useMyOrderSuspenseQuery(options: SureOptions<Souk.MyOrderQueryVariables>): SureResult<Souk.MyOrderQuery, Souk.MyOrderQueryVariables>;
export function useMyOrderSuspenseQuery(options: SuspenseOptions<Souk.MyOrderQueryVariables> | SkipToken): SuspenseResult<Souk.MyOrderQuery, Souk.MyOrderQueryVariables>;
export function useMyOrderSuspenseQuery(options: SuspenseOptions<Souk.MyOrderQueryVariables> | SkipToken): SuspenseResult<Souk.MyOrderQuery, Souk.MyOrderQueryVariables> {
  return useSuspenseQuery(Souk.MyOrderDocument, options);
}

export function useMyOrdersQuery(options?: QueryOptions<Souk.MyOrdersQuery, Souk.MyOrdersQueryVariables> | SkipToken): QueryResult<Souk.MyOrdersQuery, Souk.MyOrdersQueryVariables> {
  return useQuery(Souk.MyOrdersDocument, options);
}
export function useMyOrdersLazyQuery(options?: LazyQueryOptions<Souk.MyOrdersQuery, Souk.MyOrdersQueryVariables>): LazyQueryResult<Souk.MyOrdersQuery, Souk.MyOrdersQueryVariables> {
  return useLazyQuery(Souk.MyOrdersDocument, options);
}
export function useMyOrdersSuspenseQuery(options?: SureOptions<Souk.MyOrdersQueryVariables>): SureResult<Souk.MyOrdersQuery, Souk.MyOrdersQueryVariables>;
export function useMyOrdersSuspenseQuery(options?: SuspenseOptions<Souk.MyOrdersQueryVariables> | SkipToken): SuspenseResult<Souk.MyOrdersQuery, Souk.MyOrdersQueryVariables>;
export function useMyOrdersSuspenseQuery(options?: SuspenseOptions<Souk.MyOrdersQueryVariables> | SkipToken): SuspenseResult<Souk.MyOrdersQuery, Souk.MyOrdersQueryVariables> {
  return useSuspenseQuery(Souk.MyOrdersDocument, options);
}

export function useMyOrderCancelMutation<C extends Partial<Souk.MyOrderCancelMutationVariables> = {}>(options?: MutationOptions<Souk.MyOrderCancelMutation, Souk.MyOrderCancelMutationVariables, C>) {
  return useMutation(Souk.MyOrderCancelDocument, options);
}

export function useShopContextQuery(options?: QueryOptions<Souk.ShopContextQuery, Souk.ShopContextQueryVariables> | SkipToken): QueryResult<Souk.ShopContextQuery, Souk.ShopContextQueryVariables> {
  return useQuery(Souk.ShopContextDocument, options);
}
export function useShopContextLazyQuery(options?: LazyQueryOptions<Souk.ShopContextQuery, Souk.ShopContextQueryVariables>): LazyQueryResult<Souk.ShopContextQuery, Souk.ShopContextQueryVariables> {
  return useLazyQuery(Souk.ShopContextDocument, options);
}
export function useShopContextSuspenseQuery(options?: SureOptions<Souk.ShopContextQueryVariables>): SureResult<Souk.ShopContextQuery, Souk.ShopContextQueryVariables>;
export function useShopContextSuspenseQuery(options?: SuspenseOptions<Souk.ShopContextQueryVariables> | SkipToken): SuspenseResult<Souk.ShopContextQuery, Souk.ShopContextQueryVariables>;
export function useShopContextSuspenseQuery(options?: SuspenseOptions<Souk.ShopContextQueryVariables> | SkipToken): SuspenseResult<Souk.ShopContextQuery, Souk.ShopContextQueryVariables> {
  return useSuspenseQuery(Souk.ShopContextDocument, options);
}

export function useCategoryTreeQuery(options?: QueryOptions<Souk.CategoryTreeQuery, Souk.CategoryTreeQueryVariables> | SkipToken): QueryResult<Souk.CategoryTreeQuery, Souk.CategoryTreeQueryVariables> {
  return useQuery(Souk.CategoryTreeDocument, options);
}
export function useCategoryTreeLazyQuery(options?: LazyQueryOptions<Souk.CategoryTreeQuery, Souk.CategoryTreeQueryVariables>): LazyQueryResult<Souk.CategoryTreeQuery, Souk.CategoryTreeQueryVariables> {
  return useLazyQuery(Souk.CategoryTreeDocument, options);
}
export function useCategoryTreeSuspenseQuery(options?: SureOptions<Souk.CategoryTreeQueryVariables>): SureResult<Souk.CategoryTreeQuery, Souk.CategoryTreeQueryVariables>;
export function useCategoryTreeSuspenseQuery(options?: SuspenseOptions<Souk.CategoryTreeQueryVariables> | SkipToken): SuspenseResult<Souk.CategoryTreeQuery, Souk.CategoryTreeQueryVariables>;
export function useCategoryTreeSuspenseQuery(options?: SuspenseOptions<Souk.CategoryTreeQueryVariables> | SkipToken): SuspenseResult<Souk.CategoryTreeQuery, Souk.CategoryTreeQueryVariables> {
  return useSuspenseQuery(Souk.CategoryTreeDocument, options);
}

export function useCategoryPageQuery(options: QueryOptions<Souk.CategoryPageQuery, Souk.CategoryPageQueryVariables> | SkipToken): QueryResult<Souk.CategoryPageQuery, Souk.CategoryPageQueryVariables> {
  return useQuery(Souk.CategoryPageDocument, options);
}
export function useCategoryPageLazyQuery(options?: LazyQueryOptions<Souk.CategoryPageQuery, Souk.CategoryPageQueryVariables>): LazyQueryResult<Souk.CategoryPageQuery, Souk.CategoryPageQueryVariables> {
  return useLazyQuery(Souk.CategoryPageDocument, options);
}
export function useCategoryPageSuspenseQuery(options: SureOptions<Souk.CategoryPageQueryVariables>): SureResult<Souk.CategoryPageQuery, Souk.CategoryPageQueryVariables>;
export function useCategoryPageSuspenseQuery(options: SuspenseOptions<Souk.CategoryPageQueryVariables> | SkipToken): SuspenseResult<Souk.CategoryPageQuery, Souk.CategoryPageQueryVariables>;
export function useCategoryPageSuspenseQuery(options: SuspenseOptions<Souk.CategoryPageQueryVariables> | SkipToken): SuspenseResult<Souk.CategoryPageQuery, Souk.CategoryPageQueryVariables> {
  return useSuspenseQuery(Souk.CategoryPageDocument, options);
}

export function useProductListQuery(options?: QueryOptions<Souk.ProductListQuery, Souk.ProductListQueryVariables> | SkipToken): QueryResult<Souk.ProductListQuery, Souk.ProductListQueryVariables> {
  return useQuery(Souk.ProductListDocument, options);
}
export function useProductListLazyQuery(options?: LazyQueryOptions<Souk.ProductListQuery, Souk.ProductListQueryVariables>): LazyQueryResult<Souk.ProductListQuery, Souk.ProductListQueryVariables> {
  return useLazyQuery(Souk.ProductListDocument, options);
}
export function useProductListSuspenseQuery(options?: SureOptions<Souk.ProductListQueryVariables>): SureResult<Souk.ProductListQuery, Souk.ProductListQueryVariables>;
export function useProductListSuspenseQuery(options?: SuspenseOptions<Souk.ProductListQueryVariables> | SkipToken): SuspenseResult<Souk.ProductListQuery, Souk.ProductListQueryVariables>;
export function useProductListSuspenseQuery(options?: SuspenseOptions<Souk.ProductListQueryVariables> | SkipToken): SuspenseResult<Souk.ProductListQuery, Souk.ProductListQueryVariables> {
  return useSuspenseQuery(Souk.ProductListDocument, options);
}

export function useProductSearchQuery(options: QueryOptions<Souk.ProductSearchQuery, Souk.ProductSearchQueryVariables> | SkipToken): QueryResult<Souk.ProductSearchQuery, Souk.ProductSearchQueryVariables> {
  return useQuery(Souk.ProductSearchDocument, options);
}
export function useProductSearchLazyQuery(options?: LazyQueryOptions<Souk.ProductSearchQuery, Souk.ProductSearchQueryVariables>): LazyQueryResult<Souk.ProductSearchQuery, Souk.ProductSearchQueryVariables> {
  return useLazyQuery(Souk.ProductSearchDocument, options);
}
export function useProductSearchSuspenseQuery(options: SureOptions<Souk.ProductSearchQueryVariables>): SureResult<Souk.ProductSearchQuery, Souk.ProductSearchQueryVariables>;
export function useProductSearchSuspenseQuery(options: SuspenseOptions<Souk.ProductSearchQueryVariables> | SkipToken): SuspenseResult<Souk.ProductSearchQuery, Souk.ProductSearchQueryVariables>;
export function useProductSearchSuspenseQuery(options: SuspenseOptions<Souk.ProductSearchQueryVariables> | SkipToken): SuspenseResult<Souk.ProductSearchQuery, Souk.ProductSearchQueryVariables> {
  return useSuspenseQuery(Souk.ProductSearchDocument, options);
}

export function useSearchSuggestQuery(options: QueryOptions<Souk.SearchSuggestQuery, Souk.SearchSuggestQueryVariables> | SkipToken): QueryResult<Souk.SearchSuggestQuery, Souk.SearchSuggestQueryVariables> {
  return useQuery(Souk.SearchSuggestDocument, options);
}
export function useSearchSuggestLazyQuery(options?: LazyQueryOptions<Souk.SearchSuggestQuery, Souk.SearchSuggestQueryVariables>): LazyQueryResult<Souk.SearchSuggestQuery, Souk.SearchSuggestQueryVariables> {
  return useLazyQuery(Souk.SearchSuggestDocument, options);
}
export function useSearchSuggestSuspenseQuery(options: SureOptions<Souk.SearchSuggestQueryVariables>): SureResult<Souk.SearchSuggestQuery, Souk.SearchSuggestQueryVariables>;
export function useSearchSuggestSuspenseQuery(options: SuspenseOptions<Souk.SearchSuggestQueryVariables> | SkipToken): SuspenseResult<Souk.SearchSuggestQuery, Souk.SearchSuggestQueryVariables>;
export function useSearchSuggestSuspenseQuery(options: SuspenseOptions<Souk.SearchSuggestQueryVariables> | SkipToken): SuspenseResult<Souk.SearchSuggestQuery, Souk.SearchSuggestQueryVariables> {
  return useSuspenseQuery(Souk.SearchSuggestDocument, options);
}

export function useProductDetailQuery(options: QueryOptions<Souk.ProductDetailQuery, Souk.ProductDetailQueryVariables> | SkipToken): QueryResult<Souk.ProductDetailQuery, Souk.ProductDetailQueryVariables> {
  return useQuery(Souk.ProductDetailDocument, options);
}
export function useProductDetailLazyQuery(options?: LazyQueryOptions<Souk.ProductDetailQuery, Souk.ProductDetailQueryVariables>): LazyQueryResult<Souk.ProductDetailQuery, Souk.ProductDetailQueryVariables> {
  return useLazyQuery(Souk.ProductDetailDocument, options);
}
export function useProductDetailSuspenseQuery(options: SureOptions<Souk.ProductDetailQueryVariables>): SureResult<Souk.ProductDetailQuery, Souk.ProductDetailQueryVariables>;
export function useProductDetailSuspenseQuery(options: SuspenseOptions<Souk.ProductDetailQueryVariables> | SkipToken): SuspenseResult<Souk.ProductDetailQuery, Souk.ProductDetailQueryVariables>;
export function useProductDetailSuspenseQuery(options: SuspenseOptions<Souk.ProductDetailQueryVariables> | SkipToken): SuspenseResult<Souk.ProductDetailQuery, Souk.ProductDetailQueryVariables> {
  return useSuspenseQuery(Souk.ProductDetailDocument, options);
}

export function useProductRecommendationsQuery(options: QueryOptions<Souk.ProductRecommendationsQuery, Souk.ProductRecommendationsQueryVariables> | SkipToken): QueryResult<Souk.ProductRecommendationsQuery, Souk.ProductRecommendationsQueryVariables> {
  return useQuery(Souk.ProductRecommendationsDocument, options);
}
export function useProductRecommendationsLazyQuery(options?: LazyQueryOptions<Souk.ProductRecommendationsQuery, Souk.ProductRecommendationsQueryVariables>): LazyQueryResult<Souk.ProductRecommendationsQuery, Souk.ProductRecommendationsQueryVariables> {
  return useLazyQuery(Souk.ProductRecommendationsDocument, options);
}
export function useProductRecommendationsSuspenseQuery(options: SureOptions<Souk.ProductRecommendationsQueryVariables>): SureResult<Souk.ProductRecommendationsQuery, Souk.ProductRecommendationsQueryVariables>;
export function useProductRecommendationsSuspenseQuery(options: SuspenseOptions<Souk.ProductRecommendationsQueryVariables> | SkipToken): SuspenseResult<Souk.ProductRecommendationsQuery, Souk.ProductRecommendationsQueryVariables>;
export function useProductRecommendationsSuspenseQuery(options: SuspenseOptions<Souk.ProductRecommendationsQueryVariables> | SkipToken): SuspenseResult<Souk.ProductRecommendationsQuery, Souk.ProductRecommendationsQueryVariables> {
  return useSuspenseQuery(Souk.ProductRecommendationsDocument, options);
}

export function useVariantAvailabilityQuery(options: QueryOptions<Souk.VariantAvailabilityQuery, Souk.VariantAvailabilityQueryVariables> | SkipToken): QueryResult<Souk.VariantAvailabilityQuery, Souk.VariantAvailabilityQueryVariables> {
  return useQuery(Souk.VariantAvailabilityDocument, options);
}
export function useVariantAvailabilityLazyQuery(options?: LazyQueryOptions<Souk.VariantAvailabilityQuery, Souk.VariantAvailabilityQueryVariables>): LazyQueryResult<Souk.VariantAvailabilityQuery, Souk.VariantAvailabilityQueryVariables> {
  return useLazyQuery(Souk.VariantAvailabilityDocument, options);
}
export function useVariantAvailabilitySuspenseQuery(options: SureOptions<Souk.VariantAvailabilityQueryVariables>): SureResult<Souk.VariantAvailabilityQuery, Souk.VariantAvailabilityQueryVariables>;
export function useVariantAvailabilitySuspenseQuery(options: SuspenseOptions<Souk.VariantAvailabilityQueryVariables> | SkipToken): SuspenseResult<Souk.VariantAvailabilityQuery, Souk.VariantAvailabilityQueryVariables>;
export function useVariantAvailabilitySuspenseQuery(options: SuspenseOptions<Souk.VariantAvailabilityQueryVariables> | SkipToken): SuspenseResult<Souk.VariantAvailabilityQuery, Souk.VariantAvailabilityQueryVariables> {
  return useSuspenseQuery(Souk.VariantAvailabilityDocument, options);
}

export function useNodeRefetchQuery(options: QueryOptions<Souk.NodeRefetchQuery, Souk.NodeRefetchQueryVariables> | SkipToken): QueryResult<Souk.NodeRefetchQuery, Souk.NodeRefetchQueryVariables> {
  return useQuery(Souk.NodeRefetchDocument, options);
}
export function useNodeRefetchLazyQuery(options?: LazyQueryOptions<Souk.NodeRefetchQuery, Souk.NodeRefetchQueryVariables>): LazyQueryResult<Souk.NodeRefetchQuery, Souk.NodeRefetchQueryVariables> {
  return useLazyQuery(Souk.NodeRefetchDocument, options);
}
export function useNodeRefetchSuspenseQuery(options: SureOptions<Souk.NodeRefetchQueryVariables>): SureResult<Souk.NodeRefetchQuery, Souk.NodeRefetchQueryVariables>;
export function useNodeRefetchSuspenseQuery(options: SuspenseOptions<Souk.NodeRefetchQueryVariables> | SkipToken): SuspenseResult<Souk.NodeRefetchQuery, Souk.NodeRefetchQueryVariables>;
export function useNodeRefetchSuspenseQuery(options: SuspenseOptions<Souk.NodeRefetchQueryVariables> | SkipToken): SuspenseResult<Souk.NodeRefetchQuery, Souk.NodeRefetchQueryVariables> {
  return useSuspenseQuery(Souk.NodeRefetchDocument, options);
}